import { randomUUID } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { makeCertificateRequest } from '#hub/key-service/certificate-request.ts';
import { insertCredential } from '#hub/key-service/credential-store.ts';
import type { TokenClient } from '#hub/key-service/pkcs11/token-client.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { keyServiceCommands } from '#schemas/commands/key-service.ts';

/** OWASP's least for argon2id; the key itself is behind the token's own walls. */
const pinCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
export const hashPin = (pin: string): Promise<string> => hash(pin, pinCost);

/**
 * Makes a key in the token and its certificate request. Until its certificate is installed it signs nothing.
 *
 * @throws AppError `signing-service-unavailable`: there is no token
 */
export const createCredential = async (
  { db, token }: Pick<PartContext, 'db'> & { token: TokenClient | undefined },
  given: ParamsOf<(typeof keyServiceCommands)['key-service.create']>,
): Promise<{ credentialId: string; request: string }> => {
  if (token === undefined)
    throw new AppError('signing-service-unavailable', { route: 'embedded', code: 'no-token' });
  if ((given.staffId === undefined) === (given.unitId === undefined))
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '/staffId', code: 'one-holder' }] });
  const id = randomUUID();
  const algorithm = given.algorithm ?? 'rsa-2048';
  const publicKey = await token.generate(id, algorithm);
  const request = await makeCertificateRequest(given.subject, publicKey, async digest => {
    const [signature] = (await token.sign(id, [digest])) ?? [];
    if (signature === undefined)
      throw new AppError('signing-service-unavailable', { route: 'embedded', code: 'no-key' });
    return signature;
  });
  const pinHash = await hashPin(given.pin);
  await inTransaction(db, async tx => {
    await insertCredential(tx, {
      ...{ id, algorithm, subject: given.subject, publicKey, request, pinHash },
      staffId: given.staffId ?? null,
      unitId: given.unitId ?? null,
    });
    await appendAudit(tx, {
      actor: given.actor,
      action: 'signing-key.created',
      object: `signing-key/${id}`,
      detail: { algorithm },
    });
  });
  return { credentialId: id, request: request.toString('base64') };
};
