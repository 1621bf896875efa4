import { ConnectorError } from '#connectors/kit/errors.ts';
import type { DesiredAccount } from '#schemas/account.ts';
import type { ScimUser } from './answers.ts';
import type { ScimClient } from './client.ts';
import { codeOf, codePath, isActive, toUserName, wantedValues } from './mapping.ts';
import type { ScimSettings } from './settings.ts';

/**
 * The id of the user who holds a staff code. Two of them are a `conflict`: to write to either would be a
 * guess, and to close one would leave the other open.
 */
export const findByCode = async (
  client: ScimClient,
  settings: ScimSettings,
  code: string,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const [user, ...others] = await client.find(codePath(settings), code, signal);
  if (others.length > 0)
    throw new ConnectorError('conflict', 'several accounts of the app hold this staff code');
  return user?.id;
};

/**
 * The account that stands in the way of a new one and is the same person's all the same: it holds our code and
 * the provider does not find it by that, or it is closed and holds nobody's.
 */
const findOwn = async (
  client: ScimClient,
  settings: ScimSettings,
  account: DesiredAccount,
  signal: AbortSignal,
): Promise<ScimUser | undefined> => {
  const found = await client.find({ attribute: 'userName' }, toUserName(account, settings), signal);
  return found.find(user => {
    const code = codeOf(user, settings);
    return code === account.code || (code === undefined && !isActive(user));
  });
};

/**
 * Creates a user. Many providers do not show a closed account to a filter by its key (or have dropped the key)
 * and then refuse the new one with 409: that account is opened again. Anybody else's stays a `conflict`.
 */
export const createAccount = async (
  client: ScimClient,
  settings: ScimSettings,
  account: DesiredAccount,
  signal: AbortSignal,
): Promise<ScimUser> => {
  const wanted = wantedValues(account, settings);
  try {
    const made = await client.create(wanted, signal);
    if (made !== undefined) return made;
  } catch (error) {
    if (!(error instanceof ConnectorError && error.code === 'conflict')) throw error;
    const own = await findOwn(client, settings, account, signal);
    const updated = own && (await client.update(own.id, wanted, signal));
    if (updated === undefined) throw error;
    return updated;
  }
  // It was made and nothing was said of it.
  const id = await findByCode(client, settings, account.code, signal);
  const user = id === undefined ? undefined : await client.get(id, signal);
  if (user === undefined)
    throw new ConnectorError('unexpected-answer', 'the app has made an account that it does not show');
  return user;
};
