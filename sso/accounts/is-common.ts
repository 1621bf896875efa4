import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fold } from '#hub/platform/vietnamese/fold.ts';

/** One a line, folded; words stand without what people hang on them: `matkhau` stands for `Matkhau@123` as well. */
const file = join(import.meta.dirname, '..', '..', 'data', 'common-passwords.txt');
const common = new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean));

const letterFor: Record<string, string> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
};
const onlyLetters = (text: string): string => text.replace(/[^a-z0-9]/g, '');

/** So few different characters are a pattern, however many there are of them. */
const fewestDifferent = 5;

/** Whether a password is among those that are guessed first, under whatever numbers and signs. */
export const isCommon = (password: string): boolean => {
  const folded = fold(password);
  if (new Set(folded).size < fewestDifferent) return true;
  const core = folded.replace(/^[^a-z]+|[^a-z]+$/g, '');
  const spelled = core.replace(/[@4310!$5]/g, sign => letterFor[sign]!);
  return [folded, core, spelled].map(onlyLetters).some(form => common.has(form));
};
