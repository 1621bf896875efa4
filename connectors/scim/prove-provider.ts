import { ConnectorError } from '#connectors/kit/errors.ts';
import { formatPath } from './attribute-path.ts';
import type { ScimClient } from './client.ts';
import { listUsers } from './list-users.ts';
import { codeOf, codePath, isActive } from './mapping.ts';
import type { ScimSettings } from './settings.ts';

/** Enough to meet somebody with an open account and a code. */
const sampleSize = 20;

const refuse = (message: string): ConnectorError => new ConnectorError('refused', message);

/**
 * Reads what proves that the settings fit the provider. `ServiceProviderConfig` may be open to everybody
 * (RFC 7644 §4), so a page of accounts proves the credentials; one of them, found by its code, that the provider
 * can filter by it. Throws `refused` with the setting to change.
 */
export const proveProvider = async (
  client: ScimClient,
  settings: ScimSettings,
  signal: AbortSignal,
): Promise<void> => {
  const { patch } = await client.getConfig(signal);
  if (settings.update === 'patch' && patch?.supported === false)
    throw refuse('the app takes no PATCH: the setting "update" must be "put"');
  const { users } = await listUsers(client, { limit: sampleSize }, settings.pageSize, signal);
  const sample = users.find(user => isActive(user) && codeOf(user, settings) !== undefined);
  if (sample === undefined) return;
  const path = codePath(settings);
  const found = await client.find(path, codeOf(sample, settings) as string, signal);
  if (!found.some(user => user.id === sample.id))
    throw refuse(`the app does not find accounts by ${formatPath(path)}: change the setting "codeAt"`);
};
