import { authorise } from '#hub/key-service/authorise.ts';
import { createCredential } from '#hub/key-service/create-credential.ts';
import {
  findCredential,
  listCredentials,
  putHolders,
  revokeCredential,
} from '#hub/key-service/credential-store.ts';
import { installCertificate } from '#hub/key-service/install-certificate.ts';
import { openToken } from '#hub/key-service/open-token.ts';
import type { TokenClient } from '#hub/key-service/pkcs11/token-client.ts';
import { hasCertificate, showCredential } from '#hub/key-service/show-credential.ts';
import { signHashes } from '#hub/key-service/sign-hashes.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { CreatePart } from '#hub/platform/part.ts';

/** The embedded signing service: people's and organisations' keys in a hardware module, behind PIN and second factor. */
const createKeyService: CreatePart = context => {
  const { db } = context;
  let token: TokenClient | undefined;
  return {
    name: 'key-service',
    actions: {
      'key-service.certificates': async by =>
        (await listCredentials(db, by)).filter(hasCertificate).map(showCredential),
      'key-service.create': given => createCredential({ db, token }, given),
      'key-service.install': given => installCertificate(context, given),
      'key-service.authorise': given => authorise(context, given),
      'key-service.sign': given => signHashes({ db, token }, given),
      'key-service.set-holders': ({ credentialId, staffIds, actor }) =>
        inTransaction(db, async tx => {
          const row = await findCredential(tx, credentialId);
          if (row === undefined || row.unitId === null) throw new AppError('unknown-signing-key');
          await putHolders(tx, row.id, staffIds);
          await appendAudit(tx, {
            actor,
            action: 'signing-key.holders-changed',
            object: `signing-key/${row.id}`,
            detail: { staffIds },
          });
        }),
      'key-service.revoke': async ({ credentialId, reason, actor }) => {
        await inTransaction(db, async tx => {
          if (!(await revokeCredential(tx, credentialId, reason))) throw new AppError('unknown-signing-key');
          await appendAudit(tx, {
            actor,
            action: 'signing-key.revoked',
            object: `signing-key/${credentialId}`,
            detail: { reason },
          });
        });
        // What the database says counts; the key itself is removed when the token answers.
        await token?.destroy(credentialId).catch(() => {});
      },
    },
    async start() {
      token = await openToken(context);
    },
    async stop() {
      await token?.stop();
    },
  };
};

export default createKeyService;
