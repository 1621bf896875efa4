/** A value inside an LDAP filter (RFC 4515 §3). */
const escapeFilter = (value: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is one of the characters to escape
  value.replace(/[\\*()\u0000]/g, char => `\\${char.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** Accounts that carry a staff code. */
export const byCode = (code: string): string => `(employeeNumber=${escapeFilter(code)})`;

/**
 * Every account that could be a person's: not Zimbra's own (spam and ham training, calendar sync), not
 * an administrator's that belongs to nobody in the register. `narrower` is the IT centre's own filter.
 */
export const people = (narrower?: string): string =>
  [
    '(&(!(zimbraIsSystemAccount=TRUE))(!(zimbraIsSystemResource=TRUE))',
    '(|(!(zimbraIsAdminAccount=TRUE))(employeeNumber=*))',
    narrower ?? '',
    ')',
  ].join('');
