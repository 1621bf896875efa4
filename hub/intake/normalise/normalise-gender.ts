import { fold } from '#hub/platform/vietnamese/fold.ts';
import { cleanText, isBlank } from './clean-text.ts';
import { decodeLegacy } from './decode-legacy.ts';
import { accept, type Cell, type Normalised, refuse } from './normalised.ts';

const words: Record<string, 'male' | 'female'> = {
  ...{ nam: 'male', male: 'male', m: 'male', trai: 'male', ong: 'male' },
  ...{ nu: 'female', female: 'female', f: 'female', gai: 'female', ba: 'female' },
};

/**
 * Nam or Nữ in any spelling, also of the old encodings. 1 is Nam and 0 is Nữ, the habit of Vietnamese HR software
 * (a column "Nam" with a tick); some programs do the opposite, so the flag `gender-by-number` asks for a look.
 */
export function normaliseGender(cell: Cell): Normalised<'male' | 'female'> {
  if (isBlank(cell)) return refuse('value-missing');
  if (typeof cell !== 'string' && typeof cell !== 'number') return refuse('value-wrong-type');
  const text = cleanText(typeof cell === 'string' ? decodeLegacy(cell).text : cell);
  if (text === '1' || text === '0') return accept(text === '1' ? 'male' : 'female', ['gender-by-number']);
  const word = fold(text);
  return Object.hasOwn(words, word) ? accept(words[word]!) : refuse('gender-unknown');
}
