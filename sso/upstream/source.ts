import type { Secrets } from '#hub/platform/secrets.ts';
import type { LdapUpstream, OpenIdUpstream } from '#schemas/upstream.ts';
import type { SourceRow } from '#sso/upstream/sources-store.ts';

type Common = Omit<SourceRow, 'kind' | 'settings'> & {
  /** Changes with the settings: what was made from older ones is not used again. */
  revision: string;
};
export type OpenIdSource = Common & { kind: 'openid'; settings: OpenIdUpstream };
export type LdapSource = Common & { kind: 'ldap'; settings: LdapUpstream };
/** A source with its secrets: only for those who speak with it. */
export type Source = OpenIdSource | LdapSource;

/** The purpose that settings are sealed for. */
export const settingsPurpose = 'upstream-settings';

export const openSource = (secrets: Secrets, row: SourceRow): Source => {
  const text = secrets.open(settingsPurpose, row.settings);
  return { ...row, settings: JSON.parse(text), revision: row.settings.toString('base64url') } as Source;
};
