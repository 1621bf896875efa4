const usual = 5;
const most = 100;

/** How often a message is tried before it is a dead letter, from the field `attempts` of the node that takes it in. */
export const attemptsOf = (given: unknown): number => {
  const attempts = Number(given);
  return Number.isInteger(attempts) && attempts > 0 ? Math.min(attempts, most) : usual;
};
