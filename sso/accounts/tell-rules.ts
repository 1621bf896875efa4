import { type Language, say } from '#hub/platform/messages.ts';
import type { SignOnSettings } from '#schemas/sign-on-settings.ts';
import type { Unmet } from '#sso/accounts/password-rules.ts';

/** The rules in force, told before anybody chooses. */
export const tellRules = (
  language: Language,
  {
    passwordMinLength,
    passwordMixed,
    passwordHistory,
  }: Pick<SignOnSettings, 'passwordMinLength' | 'passwordMixed' | 'passwordHistory'>,
): string[] => [
  say(language, 'accounts.rules.length', { least: passwordMinLength }),
  ...(passwordMixed ? [say(language, 'accounts.rules.mixed')] : []),
  say(language, 'accounts.rules.person'),
  say(language, 'accounts.rules.common'),
  say(language, 'accounts.rules.history', { count: passwordHistory }),
];

/** What a password lacks, each in words. */
export const tellUnmet = (language: Language, unmet: Unmet[]): string[] =>
  unmet.map(({ rule, params }) => say(language, `accounts.rule.${rule}`, params));
