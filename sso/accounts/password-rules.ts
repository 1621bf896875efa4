import { fold } from '#hub/platform/vietnamese/fold.ts';
import type { SignOnSettings } from '#schemas/sign-on-settings.ts';
import type { Staff } from '#schemas/staff.ts';
import { isCommon } from '#sso/accounts/is-common.ts';

/** A rule that a password does not keep; its words are `accounts.rule.<name>`. */
export interface Unmet {
  rule: string;
  params?: Record<string, number>;
}

export type RuledPerson = Pick<Staff, 'name' | 'username' | 'code' | 'birthDate'>;

/** Longer ones are nobody's, and cost to hash. */
const longestPassword = 200;
const shortestPart = 3;
const shortestName = 4;

/** Without accents, case, blanks and signs: how people hide a word in a password. */
const squeeze = (text: string): string => fold(text).replace(/[^a-z0-9]/g, '');

const waysToWrite = (birthDate: string | undefined): string[] => {
  const [y, m, d] = birthDate?.split('-') ?? [];
  if (y === undefined || m === undefined || d === undefined) return [];
  return [d + m + y, y + m + d, m + d + y, d + m + y.slice(2), `${Number(d)}${Number(m)}${y}`];
};

/** The given name alone and with what stands before it; a family name alone is half the country's (`tran`, as in `trắng`). */
const waysToCall = (name: string): string[] => {
  const words = fold(name).split(' ').map(squeeze);
  const given = words.at(-1)!;
  return [given, words.slice(-2).join(''), words[0]! + given, words.join('')];
};

/** What a password must not hold, by the rule that forbids it. */
const partsOf = ({ name, username, code, birthDate }: RuledPerson): Record<string, string[]> => {
  return {
    'holds-username': [squeeze(username)].filter(part => part.length >= shortestPart),
    'holds-code': [squeeze(code)].filter(part => part.length >= shortestPart),
    'holds-birth-date': waysToWrite(birthDate),
    'holds-name': waysToCall(name).filter(part => part.length >= shortestName),
  };
};

const kinds: [string, RegExp][] = [
  ['no-lower', /\p{Ll}/u],
  ['no-upper', /\p{Lu}/u],
  ['no-digit', /\p{Nd}/u],
  ['no-sign', /[^\p{L}\p{M}\p{N}]/u],
];

/**
 * The rules that a password (NFC) does not keep, of those that need no look at earlier ones: all of them, so that
 * nobody has to find out one after the other. Pure.
 */
export const unmetRules = (
  password: string,
  person: RuledPerson,
  settings: Pick<SignOnSettings, 'passwordMinLength' | 'passwordMixed'>,
): Unmet[] => {
  const length = [...password].length;
  if (length > longestPassword) return [{ rule: 'too-long', params: { most: longestPassword } }];
  const unmet: Unmet[] = [];
  if (length < settings.passwordMinLength)
    unmet.push({ rule: 'too-short', params: { least: settings.passwordMinLength } });
  if (settings.passwordMixed)
    for (const [rule, kind] of kinds) if (!kind.test(password)) unmet.push({ rule });
  const squeezed = squeeze(password);
  for (const [rule, parts] of Object.entries(partsOf(person)))
    if (parts.some(part => squeezed.includes(part))) unmet.push({ rule });
  if (isCommon(password)) unmet.push({ rule: 'common' });
  return unmet;
};
