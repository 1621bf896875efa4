import { randomBytes } from 'node:crypto';
import bcrypt from 'bcryptjs';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { readNatsUrl } from '#hub/platform/embedded/read-nats-url.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { App } from '#schemas/app.ts';
import type { NatsConnectionDetails, NatsState } from '#schemas/nats-access.ts';
import { lockUsers, readUsers, removeUsers, replaceUser } from './access-store.ts';
import { noticesOf } from './read-grants.ts';
import { domain, ownSubjects, userName } from './render-users.ts';
import { streamOf } from './stream-names.ts';

type Context = Pick<PartContext, 'db' | 'call' | 'config' | 'nats' | 'wake'>;

/** Who asks for which app. */
export interface AccessRequest {
  id: string;
  actor: string;
  requestId?: string;
}

/**
 * A slow hash protects what people choose; 256 random bits cannot be guessed at any speed, and the server hashes at
 * every connection. 4 is the least that bcrypt has.
 */
const rounds = 4;

const detailsOf = ({ config, nats }: Context, app: App): NatsConnectionDetails => {
  if (nats?.usersFile === undefined) throw new AppError('nats-not-offered');
  return {
    servers: config.natsPublic ?? readNatsUrl(nats.url).servers,
    domain,
    stream: streamOf(app.id),
    consumer: app.id,
    subjects: ownSubjects(app.id),
    notices: noticesOf(app),
  };
};

/**
 * Gives an app a NATS user, or a new one while the present one works on for `hours`. The password is in this answer
 * and nowhere else. It works when the servers have read their users file, within seconds.
 *
 * @throws {AppError} `unknown-app`; `nats-not-offered`
 */
export const grantAccess = async (
  context: Context,
  { id, actor, requestId, hours }: AccessRequest & { hours: number },
): Promise<NatsConnectionDetails & { user: string; password: string }> => {
  const { db, call, wake } = context;
  const app = await call('apps.get', { id });
  const details = detailsOf(context, app);
  const password = randomBytes(32).toString('base64url');
  const hash = await bcrypt.hash(password, rounds);
  const slot = await inTransaction(db, async tx => {
    await lockUsers(tx, id);
    const given = await replaceUser(tx, { app: id, hash, hours });
    await appendAudit(tx, {
      actor,
      action: 'nats-access.granted',
      object: `app/${id}`,
      detail: { user: userName(id, given), overlapHours: hours },
      requestId,
    });
    return given;
  });
  wake.notify('apps');
  return { ...details, user: userName(id, slot), password };
};

/**
 * How an app's access stands, without a password.
 *
 * @throws {AppError} `unknown-app`; `nats-not-offered`
 */
export const showAccess = async (context: Context, { id }: { id: string }): Promise<NatsState> => {
  const app = await context.call('apps.get', { id });
  const users = await readUsers(context.db, id);
  return {
    ...detailsOf(context, app),
    enabled: app.enabled && users.length > 0,
    users: users.map(({ slot, createdAt, expiresAt }) => ({
      user: userName(id, slot),
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt?.toISOString() ?? null,
    })),
  };
};

/** Ends an app's access: its users, its connections and its stream. Nothing happens where there is none. */
export const endAccess = async (
  { db, call, wake }: Context,
  { id, actor, requestId }: AccessRequest,
): Promise<void> => {
  await call('apps.get', { id });
  await inTransaction(db, async tx => {
    await lockUsers(tx, id);
    if (await removeUsers(tx, id))
      await appendAudit(tx, { actor, action: 'nats-access.ended', object: `app/${id}`, requestId });
  });
  wake.notify('apps');
};
