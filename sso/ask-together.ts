/**
 * Puts the questions that come within one turn of the event loop together and asks them at once: under load one statement
 * serves many requests, and a single one waits for nobody. Each is asked after it came, so no answer is older than its
 * question.
 */
export const askTogether = <Question, Answers>(
  ask: (questions: Question[]) => Promise<Answers>,
): ((question: Question) => Promise<Answers>) => {
  let gathering: { questions: Question[]; answers: Promise<Answers> } | undefined;
  const gather = (): { questions: Question[]; answers: Promise<Answers> } => {
    const questions: Question[] = [];
    const answers = new Promise(resolve => setImmediate(resolve)).then(() => {
      gathering = undefined;
      return ask(questions);
    });
    return { questions, answers };
  };
  return question => {
    gathering ??= gather();
    gathering.questions.push(question);
    return gathering.answers;
  };
};
