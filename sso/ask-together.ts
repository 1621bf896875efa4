/** The longest, in ms, that questions wait for those before them: these may hang on a connection that is gone. */
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
  let underWay = 0;
  let late = false;
  let goOn = (): void => {};
  // One for all: a timer for each would outlive what it waits for.
  const patience = setTimeout(() => {
    late = true;
    goOn();
  }, patienceMs).unref();
  const askNow = async (questions: Question[]): Promise<Answers> => {
    gathering = undefined;
    underWay += 1;
    late = false;
    patience.refresh();
    try {
      return await ask(questions);
    } finally {
      underWay -= 1;
      goOn();
    }
  };
  const gather = (): { questions: Question[]; answers: Promise<Answers> } => {
    const questions: Question[] = [];
    const turn = new Promise<void>(resolve => {
      if (underWay === 0 || late) setImmediate(resolve);
      else goOn = resolve;
    });
    return { questions, answers: turn.then(() => askNow(questions)) };
  };
  return question => {
    gathering ??= gather();
    gathering.questions.push(question);
    return gathering.answers;
  };
};
