import { X509Certificate } from 'node:crypto';
import { Type } from 'typebox';
import type { CredentialRow } from '#hub/key-service/credential-store.ts';
import { statusOf } from '#hub/key-service/show-credential.ts';
import { type KeyAlgorithm, keyAlgorithms } from '#schemas/signer.ts';

const Uuid = Type.String({ format: 'uuid' });
const Time = Type.String({ format: 'date-time' });

/** A key as the IT centre sees it. */
export const Key = Type.Object({
  id: Uuid,
  holder: Type.Union([Type.Object({ staffId: Uuid }), Type.Object({ unitId: Uuid })]),
  algorithm: Type.Unsafe<KeyAlgorithm>({ type: 'string', enum: [...keyAlgorithms] }),
  subject: Type.Record(Type.String(), Type.String()),
  status: Type.String({
    enum: ['requested', 'active', 'suspended', 'expired', 'revoked'],
    description: 'requested: its certificate is not installed yet; suspended: held',
  }),
  heldBecause: Type.Optional(Type.String({ enum: ['wrong-pins', 'it-centre'] })),
  hasPin: Type.Boolean({ description: 'false: the holder has yet to choose a PIN with their code' }),
  serialNumber: Type.Optional(Type.String({ description: 'of the certificate, hex' })),
  expiresAt: Type.Optional(Time),
  temporaryDays: Type.Optional(
    Type.Integer({
      description: 'for the meantime: it ends so many days after its certificate was installed',
    }),
  ),
  createdAt: Time,
  holders: Type.Optional(Type.Array(Uuid, { description: "who may sign with an organisation's key" })),
});

/** Pure. */
export const showKey = (row: CredentialRow) => ({
  id: row.id,
  holder: row.staffId === null ? { unitId: row.unitId! } : { staffId: row.staffId },
  algorithm: row.algorithm,
  subject: row.subject,
  status: row.certificate === null && row.revokedAt === null ? 'requested' : statusOf(row),
  ...(row.heldBecause === null ? {} : { heldBecause: row.heldBecause }),
  hasPin: !row.pinOnce,
  ...(row.certificate === null ? {} : { serialNumber: new X509Certificate(row.certificate).serialNumber }),
  ...(row.notAfter === null ? {} : { expiresAt: row.notAfter.toISOString() }),
  ...(row.temporaryDays === null ? {} : { temporaryDays: row.temporaryDays }),
  createdAt: row.createdAt.toISOString(),
  ...(row.unitId === null ? {} : { holders: row.holders }),
});
