import { setImmediate, setTimeout } from 'node:timers/promises';

/** The longest, in ms, that questions wait for the one before them: it may hang on a connection that is gone. */
const patienceMs = 5;

/**
 * Puts the questions that come within one turn of the event loop, or while those before them are being asked, together and
 * asks them at once: the more load, the more requests one statement serves, and a single one waits for nobody. Each is asked
 * after it came, so no answer is older than its question.
 */
export const askTogether = <Question, Answers>(
  ask: (questions: Question[]) => Promise<Answers>,
): ((question: Question) => Promise<Answers>) => {
  let gathering: { questions: Question[]; answers: Promise<Answers> } | undefined;
  let before: Promise<unknown> | undefined;
  const turn = (): Promise<unknown> =>
    before === undefined ? setImmediate() : Promise.race([before, setTimeout(patienceMs)]);
  const askNow = (questions: Question[]): Promise<Answers> => {
    gathering = undefined;
    const answers = ask(questions);
    const over = answers.then(
      () => {},
      () => {},
    );
    before = over;
    over.then(() => {
      if (before === over) before = undefined;
    });
    return answers;
  };
  const gather = (): { questions: Question[]; answers: Promise<Answers> } => {
    const questions: Question[] = [];
    return { questions, answers: turn().then(() => askNow(questions)) };
  };
  return question => {
    gathering ??= gather();
    gathering.questions.push(question);
    return gathering.answers;
  };
};
