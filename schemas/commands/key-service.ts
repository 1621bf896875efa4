import { Type } from 'typebox';
import { command } from '#schemas/command.ts';
import {
  type Credential,
  type KeyAlgorithm,
  keyAlgorithms,
  type SignatureAnswer,
  subjectParts,
} from '#schemas/signer.ts';

const Uuid = Type.String({ format: 'uuid' });
const Hash = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$', description: 'SHA-256 in base64' });

const Pin = Type.String({ minLength: 6, maxLength: 64 });

/** The embedded signing service: keys in the HSM. The same as its CSC API at `/csc/v2`, for the parts of the hub. */
export const keyServiceCommands = {
  /** Keys of a person, or of an organisation. */
  'key-service.certificates': command<Credential[]>()(
    Type.Object({ staffId: Type.Optional(Uuid), unitId: Type.Optional(Uuid) }),
  ),
  /**
   * Makes a key in the HSM and its certificate request (PKCS#10, DER in base64). The key signs when its certificate was
   * brought by `install` and its holder has a PIN. Without `pin` (only the sandbox gives one) a code is answered, this once:
   * with it the holder chooses a PIN.
   */
  'key-service.create': command<{ credentialId: string; request: string; code?: string }>()(
    Type.Object({
      staffId: Type.Optional(Uuid),
      unitId: Type.Optional(Uuid),
      subject: Type.Record(
        Type.String({ enum: [...subjectParts] }),
        Type.String({ minLength: 1, maxLength: 200 }),
      ),
      algorithm: Type.Optional(Type.Unsafe<KeyAlgorithm>({ type: 'string', enum: [...keyAlgorithms] })),
      pin: Type.Optional(Pin),
      actor: Type.String(),
    }),
  ),
  /**
   * Makes a key for the meantime in which somebody's usual signing device is in trouble, with the PIN that they chose; a second
   * factor as with `authorise`, `factorAt` only. Its request says that it is temporary, and it ends `days` after its certificate came.
   */
  'key-service.create-temporary': command<{ credentialId: string }>()(
    Type.Object({
      staffId: Uuid,
      pin: Type.String({ maxLength: 64 }),
      days: Type.Integer({ minimum: 1, maximum: 90 }),
      factorAt: Type.Optional(Type.String({ format: 'date-time' })),
    }),
  ),
  /** Brings the certificate (and issuers) of a key. @throws AppError `certificate-not-of-key` */
  'key-service.install': command<Credential>()(
    Type.Object({
      credentialId: Type.String(),
      certificate: Type.String(),
      chain: Type.Array(Type.String()),
      actor: Type.String(),
    }),
  ),
  /**
   * The holder's own PIN, for a page. `current` is the code that the IT centre gave them, or the PIN until now; wrong ones are
   * counted, and the key is held after five. A second factor as with `authorise`.
   */
  'key-service.choose-pin': command<void>()(
    Type.Object({
      credentialId: Type.String(),
      staffId: Uuid,
      current: Type.String({ maxLength: 64 }),
      pin: Pin,
      otp: Type.Optional(Type.String({ maxLength: 64 })),
      factorAt: Type.Optional(Type.String({ format: 'date-time' })),
    }),
  ),
  /**
   * The holder's leave for exactly these hashes, by PIN and a second factor: a code (`otp`), or the one just proven in
   * the browser (`factorAt`). The SAD is good once, for five minutes.
   */
  'key-service.authorise': command<{ sad: string; expiresAt: string }>()(
    Type.Object({
      credentialId: Type.String(),
      approver: Uuid,
      hashes: Type.Array(Hash, { minItems: 1, maxItems: 1000 }),
      pin: Type.String({ maxLength: 64 }),
      otp: Type.Optional(Type.String({ maxLength: 64 })),
      factorAt: Type.Optional(Type.String({ format: 'date-time' })),
    }),
  ),
  /** Signs the authorised hashes, in their order. The SAD is spent; the same SAD with the same hashes again gives the same signatures for an hour. */
  'key-service.sign': command<SignatureAnswer>()(
    Type.Object({
      credentialId: Type.String(),
      sad: Type.String({ maxLength: 200 }),
      hashes: Type.Array(Hash, { minItems: 1, maxItems: 1000 }),
    }),
  ),
  /** Who may sign with an organisation's key: its clerks. */
  'key-service.set-holders': command<void>()(
    Type.Object({
      credentialId: Type.String(),
      staffIds: Type.Array(Uuid, { maxItems: 100 }),
      actor: Type.String(),
    }),
  ),
  /** Ends a key: it signs nothing any more. With `reason` of RFC 5280 §5.3.1 in words. */
  'key-service.revoke': command<void>()(
    Type.Object({
      credentialId: Type.String(),
      reason: Type.String({ maxLength: 200 }),
      actor: Type.String(),
    }),
  ),
};
