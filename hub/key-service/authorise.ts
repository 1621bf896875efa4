import { createHash, randomBytes } from 'node:crypto';
import { verify } from '@node-rs/argon2';
import {
  type CredentialRow,
  countPin,
  findCredential,
  forgetPins,
  isHolder,
} from '#hub/key-service/credential-store.ts';
import { insertLeave } from '#hub/key-service/leave-store.ts';
import { statusOf } from '#hub/key-service/show-credential.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { keyServiceCommands } from '#schemas/commands/key-service.ts';

/** Wrong PINs before the key is held. */
const mostWrongPins = 5;
const leaveMs = 5 * 60_000;
/** How old a second factor that was proven in the browser may be. */
const factorMs = 10 * 60_000;

export const sadHash = (sad: string): Buffer => createHash('sha256').update(sad).digest();

/** One digest for all hashes in their order: a SAD is good for exactly these. */
export const digestOf = (hashes: string[]): Buffer =>
  hashes.reduce((hash, one) => hash.update(Buffer.from(one, 'base64')), createHash('sha256')).digest();

type Request = ParamsOf<(typeof keyServiceCommands)['key-service.authorise']>;

const demandUsable = async (
  { db }: Pick<PartContext, 'db'>,
  { credentialId, approver }: Pick<Request, 'credentialId' | 'approver'>,
): Promise<CredentialRow> => {
  const row = await findCredential(db, credentialId);
  const theirs =
    row !== undefined &&
    (row.staffId === approver || (row.unitId !== null && (await isHolder(db, row.id, approver))));
  if (!theirs) throw new AppError('unknown-signing-key');
  const status = row.certificate === null ? 'suspended' : statusOf(row);
  if (status !== 'active') throw new AppError('signing-key-not-active', { status });
  return row;
};

const demandSecondFactor = async (
  { call }: Pick<PartContext, 'call'>,
  { approver, otp, factorAt }: Request,
): Promise<void> => {
  if (factorAt !== undefined) {
    const age = Date.now() - Date.parse(factorAt);
    if (age >= 0 && age <= factorMs) return;
  }
  if (otp === undefined || otp === '') throw new AppError('second-factor-needed');
  const { ok } = await call('sso.check-code', { staffId: approver, code: otp });
  if (!ok) throw new AppError('wrong-code');
};

/**
 * Leave for exactly these hashes, once, for five minutes: by the holder's PIN and a second factor. A PIN is counted before it
 * is looked at, so that guesses from many sides at once are counted too; the fifth wrong one holds the key.
 *
 * @throws AppError `unknown-signing-key`, `signing-key-not-active`, `wrong-pin`, `second-factor-needed`, `wrong-code`
 */
export const authorise = async (
  context: Pick<PartContext, 'db' | 'call'>,
  request: Request,
): Promise<{ sad: string; expiresAt: string }> => {
  const { db } = context;
  const row = await demandUsable(context, request);
  const counted = await countPin(db, row.id, mostWrongPins);
  if (counted === undefined) throw new AppError('signing-key-not-active', { status: 'suspended' });
  if (!(await verify(row.pinHash, request.pin))) {
    const detail = { left: mostWrongPins - counted };
    await appendAudit(db, {
      actor: `staff/${request.approver}`,
      action: 'signing-key.wrong-pin',
      object: `signing-key/${row.id}`,
      detail,
    });
    throw new AppError('wrong-pin', detail);
  }
  await forgetPins(db, row.id);
  await demandSecondFactor(context, request);
  const sad = randomBytes(32).toString('base64url');
  const expiresAt = new Date(Date.now() + leaveMs);
  await insertLeave(db, {
    sadHash: sadHash(sad),
    credentialId: row.id,
    approver: request.approver,
    hashes: digestOf(request.hashes),
    expiresAt,
  });
  await appendAudit(db, {
    actor: `staff/${request.approver}`,
    action: 'signing-key.authorised',
    object: `signing-key/${row.id}`,
    detail: { hashes: request.hashes.length },
  });
  return { sad, expiresAt: expiresAt.toISOString() };
};
