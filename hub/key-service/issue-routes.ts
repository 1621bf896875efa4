import { Type } from 'typebox';
import { createCredential } from '#hub/key-service/create-credential.ts';
import { issueMany } from '#hub/key-service/issue-many.ts';
import { toPem } from '#hub/key-service/pem.ts';
import type { TokenClient } from '#hub/key-service/pkcs11/token-client.ts';
import { subjectOf } from '#hub/key-service/subject-of.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import type { Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { type KeyAlgorithm, keyAlgorithms, type SubjectPart, subjectParts } from '#schemas/signer.ts';

const common = { tag: 'signing', scope: 'admin', method: 'POST' } as const;
const Uuid = Type.String({ format: 'uuid' });
const algorithm = Type.Optional(
  Type.Unsafe<KeyAlgorithm>({ type: 'string', enum: [...keyAlgorithms], default: 'rsa-2048' }),
);
const subject = Type.Partial(
  Type.Record(Type.Enum([...subjectParts]), Type.String({ minLength: 1, maxLength: 200 })),
);
const Request = Type.String({ description: 'PKCS#10, DER in base64' });
const Code = Type.String({
  description: 'Told this once: the holder chooses their PIN with it. Hand it over in person.',
});

/** How the IT centre has keys made: one, or those of many people with their certificate requests. */
export const issueRoutes = (
  context: Pick<PartContext, 'db' | 'call'> & { readonly token: TokenClient },
): Route[] => [
  {
    ...common,
    path: '/api/v1/signing/credentials',
    summary: 'Makes a signing key in the token, and its certificate request',
    description:
      'The subject is taken from the register (CN, O, C=VN); what is given here takes its place, part by part.',
    body: Type.Object(
      {
        holder: Type.Union([
          Type.Object({ staffId: Uuid }, { additionalProperties: false }),
          Type.Object({ unitId: Uuid }, { additionalProperties: false }),
        ]),
        subject: Type.Optional(subject),
        algorithm,
      },
      { additionalProperties: false },
    ),
    status: 201,
    answer: Type.Object({ id: Uuid, request: Request, pem: Type.String(), code: Code }),
    async handle({ body, caller, requestId }) {
      const given = body as {
        holder: { staffId?: string; unitId?: string };
        subject?: Partial<Record<SubjectPart, string>>;
        algorithm?: KeyAlgorithm;
      };
      const { credentialId, request, code } = await createCredential(context, {
        ...given.holder,
        subject: { ...(await subjectOf(context, given.holder)), ...given.subject },
        ...(given.algorithm === undefined ? {} : { algorithm: given.algorithm }),
        actor: actorOf(caller),
        requestId,
      });
      return {
        id: credentialId,
        request,
        pem: toPem('CERTIFICATE REQUEST', Buffer.from(request, 'base64')),
        code,
      };
    },
  },
  {
    ...common,
    path: '/api/v1/signing/credentials/bulk',
    summary: 'Makes the keys of many people, with the certificate requests for the authority',
    description:
      'Each by itself, and the same again makes nothing twice: who has a key that is valid for a while yet is `skipped`, and of ' +
      'who has one without a certificate the same request is answered, without a code. `renew`: also those with a valid key.',
    body: Type.Object(
      {
        staffIds: Type.Array(Uuid, { minItems: 1, maxItems: 100, uniqueItems: true }),
        algorithm,
        renew: Type.Optional(Type.Boolean()),
      },
      { additionalProperties: false },
    ),
    answer: Type.Object({
      items: Type.Array(
        Type.Object({
          staffId: Uuid,
          id: Type.Optional(Uuid),
          request: Type.Optional(Request),
          code: Type.Optional(Code),
          skipped: Type.Optional(Type.Boolean()),
          error: Type.Optional(Type.Object({ code: Type.String(), detail: Type.String() })),
        }),
      ),
    }),
    handle: async ({ body, caller, requestId, language }) => ({
      items: await issueMany(context, {
        ...(body as { staffIds: string[]; algorithm?: KeyAlgorithm; renew?: boolean }),
        actor: actorOf(caller),
        requestId,
        language,
      }),
    }),
  },
];
