const isWithin = (short: string[], long: string[]): boolean => short.every(word => long.includes(word));

/**
 * Whether two folded names may be one person's before and after a correction: family and given name stay, or
 * words were only added or left out. Vietnamese women keep their names when they marry. Pure.
 */
export const areSimilarNames = (one: string, other: string): boolean => {
  const [a, b] = [one.split(' '), other.split(' ')];
  return a.at(-1) === b.at(-1) && (a[0] === b[0] || isWithin(a, b) || isWithin(b, a));
};
