import { authorise } from '#hub/key-service/authorise.ts';
import { type Change, revoke, setHolders } from '#hub/key-service/change-credential.ts';
import { choosePin } from '#hub/key-service/choose-pin.ts';
import { createCredential } from '#hub/key-service/create-credential.ts';
import { createTemporary } from '#hub/key-service/create-temporary.ts';
import { credentialRoutes } from '#hub/key-service/credential-routes.ts';
import { credentialsOf } from '#hub/key-service/credential-store.ts';
import { cscRoutes } from '#hub/key-service/csc/csc-routes.ts';
import { installCertificate } from '#hub/key-service/install-certificate.ts';
import { issueRoutes } from '#hub/key-service/issue-routes.ts';
import { openToken } from '#hub/key-service/open-token.ts';
import { pinRoutes } from '#hub/key-service/pin-routes.ts';
import type { TokenClient } from '#hub/key-service/pkcs11/token-client.ts';
import { hasCertificate, showCredential } from '#hub/key-service/show-credential.ts';
import { signHashes } from '#hub/key-service/sign-hashes.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { CreatePart } from '#hub/platform/part.ts';

/** The embedded signing service: people's and organisations' keys in a hardware module, behind PIN and second factor. */
const createKeyService: CreatePart = context => {
  const { db } = context;
  let token: TokenClient | undefined;
  /** Everything but making keys and signatures goes on without a token. */
  const demandToken = (): TokenClient => {
    if (token === undefined)
      throw new AppError('signing-service-unavailable', { route: 'embedded', code: 'no-token' });
    return token;
  };
  const withToken = {
    ...context,
    get token() {
      return demandToken();
    },
    async revoke(given: Change & { reason: string }): Promise<void> {
      await revoke(db, given);
      // What the database says counts; the key itself is removed when the token answers.
      await token?.destroy(given.credentialId).catch(() => {});
    },
  };
  return {
    name: 'key-service',
    actions: {
      'key-service.certificates': async ({ staffId, unitId }) =>
        (
          await credentialsOf(db, {
            ...(staffId === undefined ? {} : { staffIds: [staffId] }),
            ...(unitId === undefined ? {} : { unitId }),
          })
        )
          .filter(hasCertificate)
          .map(showCredential),
      'key-service.create': given => createCredential(withToken, given),
      'key-service.create-temporary': given => createTemporary(withToken, given),
      'key-service.install': given => installCertificate(context, given),
      'key-service.choose-pin': given => choosePin(context, given),
      'key-service.authorise': given => authorise(context, given),
      'key-service.sign': given => signHashes(withToken, given),
      'key-service.set-holders': given => setHolders(db, given),
      'key-service.revoke': given => withToken.revoke(given),
    },
    routes: [
      ...credentialRoutes(withToken),
      ...issueRoutes(withToken),
      ...pinRoutes(context),
      ...cscRoutes(withToken),
    ],
    async start() {
      token = await openToken(context);
      // What is wrong with the settings is told now, not at the first signature.
      if (context.config.pkcs11 !== undefined) token?.open().catch(() => {});
    },
    async stop() {
      await token?.stop();
    },
  };
};

export default createKeyService;
