import { type CredentialRow, credentialsOf, findCredential } from '#hub/key-service/credential-store.ts';
import { CscError } from '#hub/key-service/csc/csc-error.ts';
import { hasCertificate } from '#hub/key-service/show-credential.ts';
import { isTheirs } from '#hub/key-service/usable-credential.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Caller } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';

export type Certified = CredentialRow & { certificate: Buffer };

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The person whose keys are listed: who holds the token; for a program, whom it names (id in the register, or user name).
 *
 * @throws CscError
 */
export const demandUser = async (
  { call }: Pick<PartContext, 'call'>,
  { staffId }: Pick<Caller, 'staffId'>,
  userId: string | undefined,
): Promise<string> => {
  if (userId === undefined) {
    if (staffId === undefined) throw new CscError('Missing (or invalid type) string parameter userID');
    return staffId;
  }
  const person = await call('staff.account', uuid.test(userId) ? { id: userId } : { username: userId });
  if (person === undefined || (staffId !== undefined && person.id !== staffId))
    throw new CscError('Invalid parameter userID');
  return person.id;
};

/** A person's own keys; with the person's own token those of organisations too that they may use. */
export const keysOf = async (
  { db }: Pick<PartContext, 'db'>,
  caller: Pick<Caller, 'staffId'>,
  staffId: string,
): Promise<Certified[]> => {
  const clerkId = caller.staffId === undefined ? {} : { clerkId: staffId };
  return (await credentialsOf(db, { staffIds: [staffId], ...clerkId })).filter(hasCertificate);
};

/**
 * A key that this caller may have used, and the person who gives leave. For a program that is the key's owner: which
 * clerk it is who seals, only the clerk's own token tells.
 *
 * @throws AppError `unknown-signing-key`
 */
export const demandKey = async (
  { db }: Pick<PartContext, 'db'>,
  caller: Pick<Caller, 'staffId'>,
  credentialId: string,
): Promise<{ row: Certified; approver: string }> => {
  const row = await findCredential(db, credentialId);
  const approver = caller.staffId ?? row?.staffId;
  if (row === undefined || !approver || !isTheirs(row, approver) || !hasCertificate(row))
    throw new AppError('unknown-signing-key');
  return { row, approver };
};
