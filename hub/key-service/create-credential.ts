import { randomUUID } from 'node:crypto';
import { makeCertificateRequest } from '#hub/key-service/certificate-request.ts';
import { insertCredential } from '#hub/key-service/credential-store.ts';
import { hashPin, makeOnceCode } from '#hub/key-service/pin.ts';
import type { TokenClient } from '#hub/key-service/pkcs11/token-client.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { keyServiceCommands } from '#schemas/commands/key-service.ts';

/**
 * Makes a key in the token and its certificate request. Until its certificate is installed and its PIN is chosen it signs
 * nothing. A key that could not be noted is removed from the token again.
 *
 * @throws AppError `signing-service-unavailable`, `invalid-request` (not exactly one holder)
 */
export const createCredential = async (
  { db, token }: Pick<PartContext, 'db'> & { token: TokenClient },
  given: ParamsOf<(typeof keyServiceCommands)['key-service.create']> & {
    requestId?: string;
    temporaryDays?: number;
  },
): Promise<{ credentialId: string; request: string; code?: string }> => {
  if ((given.staffId === undefined) === (given.unitId === undefined))
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '/staffId', code: 'one-holder' }] });
  const id = randomUUID();
  const algorithm = given.algorithm ?? 'rsa-2048';
  const code = given.pin === undefined ? makeOnceCode() : undefined;
  try {
    const publicKey = await token.generate(id, algorithm);
    const request = await makeCertificateRequest(given.subject, publicKey, async digest => {
      const [signature] = (await token.sign(id, [digest])) ?? [];
      if (signature === undefined)
        throw new AppError('signing-service-unavailable', { route: 'embedded', code: 'no-key' });
      return signature;
    });
    const pinHash = await hashPin(given.pin ?? code!);
    await inTransaction(db, async tx => {
      await insertCredential(tx, {
        ...{ id, algorithm, subject: given.subject, publicKey, request, pinHash },
        pinOnce: code !== undefined,
        staffId: given.staffId ?? null,
        unitId: given.unitId ?? null,
        temporaryDays: given.temporaryDays ?? null,
      });
      await appendAudit(tx, {
        actor: given.actor,
        action: 'signing-key.created',
        object: `signing-key/${id}`,
        detail: { algorithm },
        ...(given.requestId === undefined ? {} : { requestId: given.requestId }),
      });
    });
    return {
      credentialId: id,
      request: request.toString('base64'),
      ...(code === undefined ? {} : { code }),
    };
  } catch (error) {
    await token.destroy(id).catch(() => {});
    throw error;
  }
};
