/**
 * A user name as the register numbers them: `annv2` is the second of the base `annv`. A 1 or a leading zero is part
 * of the name itself. Pure.
 */
export const readUsername = (username: string): { base: string; number: number } => {
  const [, base, number] = /^(.*?[^0-9])([2-9]|[1-9]\d{1,6})$/.exec(username) ?? [];
  return base === undefined ? { base: username, number: 1 } : { base, number: Number(number) };
};
