import type { Secrets } from '#hub/platform/secrets.ts';

/**
 * By what Node-RED encrypts the credentials of nodes: derived from the master key, always the same for one hub, and of no use
 * for anything else. Every process that opens them gets it over its pipe.
 */
export const credentialSecretOf = (secrets: Secrets): string =>
  secrets.keyedHash('flow-credentials', 'Node-RED').toString('hex');
