import { FilterParser } from 'ldapts';
import type { Fault } from '#hub/platform/errors.ts';
import type { LdapUpstream, OpenIdUpstream } from '#schemas/upstream.ts';
import type { Source } from '#sso/upstream/source.ts';

const isHere = (url: string): boolean =>
  /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);

/** Whether passwords and codes go to an address unseen by others. */
const isPrivate = (url: string): boolean => /^(?:https|ldaps):/.test(url) || isHere(url);

/** Mail addresses are given to other people again, and are often not checked: they prove nobody. */
const isMail = (name: string): boolean => /mail/i.test(name);

/** A secret given as "…" that was never stored is gone from the settings by now. */
const missing = (secret: string | undefined, pointer: string): Fault[] =>
  secret === undefined ? [{ pointer, code: 'required' }] : [];

const checkOpenId = ({ issuer, clientSecret, keyClaim, passwordGrant }: OpenIdUpstream): Fault[] => [
  ...missing(clientSecret, '/openid/clientSecret'),
  ...(isPrivate(issuer) ? [] : [{ pointer: '/openid/issuer', code: 'not-encrypted' }]),
  ...(isMail(keyClaim) ? [{ pointer: '/openid/keyClaim', code: 'mail-is-no-key' }] : []),
  ...(passwordGrant === undefined
    ? []
    : [
        ...missing(passwordGrant.clientSecret, '/openid/passwordGrant/clientSecret'),
        ...(isPrivate(passwordGrant.tokenEndpoint)
          ? []
          : [{ pointer: '/openid/passwordGrant/tokenEndpoint', code: 'not-encrypted' }]),
      ]),
];

const isFilter = (filter: string): boolean => {
  try {
    FilterParser.parseString(filter);
    return true;
  } catch {
    return false;
  }
};

const checkLdap = ({ url, startTls, bindPassword, keyAttribute, filter }: LdapUpstream): Fault[] => [
  ...missing(bindPassword, '/ldap/bindPassword'),
  ...(startTls || isPrivate(url) ? [] : [{ pointer: '/ldap/url', code: 'not-encrypted' }]),
  ...(isMail(keyAttribute) ? [{ pointer: '/ldap/keyAttribute', code: 'mail-is-no-key' }] : []),
  ...(filter === undefined || isFilter(filter) ? [] : [{ pointer: '/ldap/filter', code: 'bad-filter' }]),
];

/** What is wrong with settings beyond their form. */
export const checkSettings = (source: Source): Fault[] =>
  source.kind === 'ldap' ? checkLdap(source.settings) : checkOpenId(source.settings);
