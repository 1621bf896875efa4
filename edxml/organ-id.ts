/** QCVN 102:2016/BTTTT: level 1 at the right, `000.00.00.H57`. */
const form2016 = /^(\d{3})\.(\d{2})\.(\d{2})\.([A-Y]\d{2})$/;
/** Decision 20/2020/QĐ-TTg: level 1 at the left, up to 35 characters, `H57.09`. */
const form2020 = /^(?=.{3,35}$)[A-Z0-9]+(?:\.[A-Z0-9]+)*$/;

export type OrganIdForm = '2016' | '2020';

/** Which form a code has; undefined: it is none. */
export const formOfOrganId = (code: string): OrganIdForm | undefined => {
  if (form2016.test(code)) return '2016';
  return form2020.test(code) ? '2020' : undefined;
};

/**
 * The code of 2020 that a code of 2016 stands for when nothing was numbered anew: `000.09.20.H57` is `H57.20.09`. A
 * help for people; which code an organisation has, and since when, is what the register says.
 */
export const guessCode2020 = (code2016: string): string | undefined => {
  const [, third, second, first, root] = form2016.exec(code2016) ?? [];
  if (root === undefined) return undefined;
  const below = [first!, second!, third!];
  while (below.length > 0 && /^0+$/.test(below.at(-1)!)) below.pop();
  return [root, ...below].join('.');
};
