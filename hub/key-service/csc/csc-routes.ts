import type { Static, TSchema } from 'typebox';
import { demandSignAlgorithm, readHashes, signAlgorithms } from '#hub/key-service/csc/algorithms.ts';
import { authorize } from '#hub/key-service/csc/authorize.ts';
import {
  AuthorizeBody,
  InfoBody,
  ListBody,
  SignDocBody,
  SignHashBody,
  TimestampBody,
} from '#hub/key-service/csc/csc-bodies.ts';
import { answerNotOffered, renderCscError } from '#hub/key-service/csc/csc-error.ts';
import { demandSigned } from '#hub/key-service/csc/demand-signed.ts';
import { demandSynchronous } from '#hub/key-service/csc/demand-synchronous.ts';
import { createLargeBodyReader, takesLargeJson } from '#hub/key-service/csc/read-large-body.ts';
import { showCscCredential } from '#hub/key-service/csc/show-csc-credential.ts';
import { signDoc } from '#hub/key-service/csc/sign-doc.ts';
import { showFormats } from '#hub/key-service/csc/signature-formats.ts';
import { timestamp } from '#hub/key-service/csc/timestamp.ts';
import { demandKey, demandUser, keysOf } from '#hub/key-service/csc/whose-key.ts';
import type { TokenClient } from '#hub/key-service/pkcs11/token-client.ts';
import { statusOf } from '#hub/key-service/show-credential.ts';
import { signHashes } from '#hub/key-service/sign-hashes.ts';
import { type Caller, Reply, type Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';

const path = (method: string): string => `/csc/v2/${method}`;
const common = { method: 'POST', tag: 'csc', renderError: renderCscError } as const;

const offered = [
  'credentials/list',
  'credentials/info',
  'credentials/authorize',
  'signatures/signHash',
  'signatures/signDoc',
];
/** The API's other methods: told honestly, and not in `info`. */
const notOffered = [
  'credentials/authorizeCheck',
  'credentials/getChallenge',
  'credentials/sendOTP',
  'credentials/extendTransaction',
  'signatures/signPolling',
];

/**
 * The CSC API 2.0 (cloudsignatureconsortium.org) for programs of others, over the same keys as the hub's own signing. The
 * names of 1.0.4 (`hash`, `hashAlgo`, `PIN`, `OTP`) are understood beside those of 2.0.
 */
export const cscRoutes = (
  context: Pick<PartContext, 'db' | 'call' | 'config'> & { readonly token: TokenClient },
): Route[] => {
  const { origin } = context.config;
  const readSignDocBody = createLargeBodyReader(SignDocBody);
  const offer = <B extends TSchema>(
    method: string,
    summary: string,
    body: B,
    handle: (body: Static<B>, caller: Caller) => Promise<object>,
  ): Route => ({
    ...common,
    scope: 'signing.sign',
    path: path(method),
    summary,
    body,
    handle: ({ body: given, caller }) => handle(given as Static<B>, caller),
  });
  return [
    {
      ...common,
      path: path('info'),
      scope: 'public',
      summary: 'What this signing service offers (CSC API)',
      async handle() {
        const { timeStamps } = await context.call('signing.offers', {});
        return {
          specs: '2.0.0.2',
          name: 'Liên Thông',
          logo: `${origin}/csc/v2/logo.svg`,
          region: 'VN',
          lang: 'vi',
          description: 'Dịch vụ ký số từ xa của tỉnh',
          authType: ['oauth2code', 'oauth2client'],
          oauth2Issuer: `${origin}/sso`,
          methods: [...offered, ...(timeStamps ? ['signatures/timestamp'] : [])],
          signAlgorithms: { algos: signAlgorithms },
          ...showFormats(timeStamps),
          validationInfo: true,
          asynchronousOperationMode: false,
        };
      },
    },
    {
      ...common,
      method: 'GET',
      path: path('logo.svg'),
      scope: 'public',
      summary: 'The picture that `info` names',
      handle: async () =>
        new Reply(
          200,
          '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="12" fill="#0b5cad"/><path d="M14 44c10-24 16-24 18-12s8 12 18-12" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round"/></svg>',
          { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=86400' },
        ),
    },
    offer('credentials/list', 'Keys of a person (CSC API)', ListBody, async (body, caller) => {
      const staffId = await demandUser(context, caller, body.userID);
      const all = (await keysOf(context, caller, staffId)).filter(
        row => !body.onlyValid || statusOf(row) === 'active',
      );
      const from = Number(body.pageToken ?? 0);
      const until = from + (body.maxResults ?? 100);
      const rows = all.slice(from, until);
      return {
        credentialIDs: rows.map(({ id }) => id),
        ...(body.credentialInfo
          ? { credentialInfos: rows.map(row => ({ credentialID: row.id, ...showCscCredential(row, body) })) }
          : {}),
        ...(body.onlyValid === undefined ? {} : { onlyValid: body.onlyValid }),
        ...(until < all.length ? { nextPageToken: String(until) } : {}),
      };
    }),
    offer('credentials/info', 'A key and its certificate (CSC API)', InfoBody, async (body, caller) =>
      showCscCredential((await demandKey(context, caller, body.credentialID)).row, body),
    ),
    offer(
      'credentials/authorize',
      'Leave for exactly these hashes (CSC API)',
      AuthorizeBody,
      (body, caller) => authorize(context, caller, body),
    ),
    offer(
      'signatures/signHash',
      'Signs what was authorised (CSC API)',
      SignHashBody,
      async (body, caller) => {
        const hashes = readHashes(body);
        demandSynchronous(body);
        const { row, approver } = await demandKey(context, caller, body.credentialID);
        demandSignAlgorithm(row.algorithm, body.signAlgo);
        const given = { credentialId: row.id, sad: body.SAD, hashes, approver };
        return { signatures: demandSigned(await signHashes(context, given)) };
      },
    ),
    {
      ...common,
      ...takesLargeJson,
      scope: 'signing.sign',
      path: path('signatures/signDoc'),
      summary: 'Signs whole documents, or their digests, that were authorised (CSC API)',
      description:
        'PAdES, CAdES and XAdES. `hashes` of credentials/authorize are the SHA-256 of each document as it is sent here, or each digest, in ' +
        'the same order. A document of at most 20 MB, a request of at most 64 MB.',
      body: SignDocBody,
      handle: async request => signDoc(context, request.caller, await readSignDocBody(request)),
    },
    offer(
      'signatures/timestamp',
      'A time-stamp of a hash, when an authority is set up (CSC API)',
      TimestampBody,
      body => timestamp(context, body),
    ),
    ...notOffered.map(
      (method): Route => ({
        ...common,
        path: path(method),
        scope: 'public',
        summary: 'Not offered (CSC API)',
        handle: async () => answerNotOffered(method),
      }),
    ),
  ];
};
