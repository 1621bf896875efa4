import { Type } from 'typebox';

const oneOf = (...values: string[]) => Type.Unsafe<string>({ type: 'string', enum: values });
const Reason = Type.Object({ code: Type.String(), place: Type.Optional(Type.String()) });
const Certificate = Type.Object({
  subject: Type.String(),
  issuer: Type.String(),
  serial: Type.String(),
  notBefore: Type.String({ format: 'date-time' }),
  notAfter: Type.String({ format: 'date-time' }),
});
const Verdict = oneOf('valid', 'indeterminate', 'invalid');

const Signature = Type.Object({
  field: Type.Optional(Type.String()),
  kind: oneOf('signature', 'time-stamp'),
  verdict: Verdict,
  reasons: Type.Array(Reason),
  signer: Type.Optional(Certificate),
  chain: Type.Array(Certificate, { description: "From the signer's certificate to the root" }),
  trusted: Type.Boolean(),
  provenAt: Type.Optional(Type.String({ format: 'date-time', description: 'Proven by a time-stamp' })),
  claimedAt: Type.Optional(Type.String({ format: 'date-time', description: 'Only claimed by the signer' })),
  level: Type.Optional(oneOf('B-B', 'B-T', 'B-LT', 'B-LTA')),
  revocation: oneOf('good', 'revoked', 'unknown'),
  changes: oneOf('none', 'allowed', 'suspicious'),
  changed: Type.Array(Reason, { description: 'What was done to the file after this signature' }),
  coversWholeFile: Type.Boolean(),
});

/** What `POST /api/v1/signing/verify` answers: the report for programs (`schemas/verification.ts`), and the same in words. */
export const VerificationAnswer = Type.Object({
  report: Type.Object({ verdict: Verdict, reasons: Type.Array(Reason), signatures: Type.Array(Signature) }),
  words: Type.Object({
    summary: Type.String(),
    reasons: Type.Array(Type.String()),
    signatures: Type.Array(
      Type.Object({ heading: Type.String(), verdict: Type.String(), lines: Type.Array(Type.String()) }),
    ),
  }),
});
