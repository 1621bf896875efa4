import { fold } from './fold.ts';
import { splitName } from './split-name.ts';

const notLetter = /[^a-z]/g;

/**
 * The province's user-name rule without the number that tells namesakes apart: the given name, then the
 * initials of family and middle names, all folded (`Nguyễn Văn An` is `annv`, `Đỗ Lê` is `led`).
 * Empty when the name holds no Latin letter.
 */
export function usernameBase(name: string): string {
  const { family, middle, given } = splitName(fold(name));
  const initials = `${family} ${middle}`
    .split(' ')
    .map(word => word.replace(notLetter, '').charAt(0))
    .join('');
  return given.replace(notLetter, '') + initials;
}
