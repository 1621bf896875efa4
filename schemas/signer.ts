/**
 * What every signing service offers, whoever runs it: the embedded one, a CSC service, VNPT SmartCA, Viettel MySign.
 * Only hashes go out and raw signatures come back; the hub builds the CMS. A hash is the SHA-256, in base64, of what
 * is signed (the signed attributes); a signature is PKCS#1 v1.5 for RSA, `Ecdsa-Sig-Value` in DER for EC, in base64.
 */

/** Kinds of keys that the embedded service makes. */
export const keyAlgorithms = ['rsa-2048', 'rsa-3072', 'ec-p256'] as const;
export type KeyAlgorithm = (typeof keyAlgorithms)[number];

/** Parts of a certificate's subject that may be asked for. */
export const subjectParts = ['CN', 'O', 'OU', 'L', 'ST', 'C', 'UID', 'title', 'emailAddress'] as const;
export type SubjectPart = (typeof subjectParts)[number];

/** A key with its certificate, as the service knows it. */
export interface Credential {
  /** The service's name of it. */
  id: string;
  /** DER in base64. */
  certificate: string;
  /** Issuers, nearest first, DER in base64; the root may be missing. */
  chain: string[];
  status: 'active' | 'suspended' | 'revoked' | 'expired';
  /**
   * What the holder must give when they authorise. `factor`: a second factor that they proved to the sign-on lately; `otp`: a code that the
   * service itself sends; `app`: they confirm in the service's own app on their phone; `token`: they sign with their USB token on their own computer.
   */
  asks: ('pin' | 'factor' | 'otp' | 'app' | 'token')[];
  /** The most hashes that one authorisation covers. */
  maxHashes: number;
}

/** One authorisation, asked for once: `transactionId` is the hub's, and the same again is the same authorisation. */
export interface Authorisation {
  credentialId: string;
  /** Whose account it is at the service (citizen number, user name, or the person's id in the register). */
  userId: string;
  transactionId: string;
  /** What the holder reads in the service's app. */
  title: string;
  hashes: string[];
  /** Names of the documents, in the order of the hashes. */
  documents: string[];
  pin?: string;
  otp?: string;
}

/**
 * How far a transaction is. Signatures are in the order of the hashes. `refused`: its holder said no, and that is a decision;
 * `unable`: the key or its account cannot sign (held, revoked, gone, nothing left to pay with); `expired`: the leave is spent or too old.
 */
export type SignatureAnswer =
  | { state: 'waiting'; session: string }
  | { state: 'signed'; signatures: string[] }
  | { state: 'refused'; reason: string }
  | { state: 'unable'; reason: string }
  | { state: 'expired'; reason: string };

/** The port `signer`. */
export interface SignerPort {
  certificates(holder: { userId: string }, context: { signal: AbortSignal }): Promise<Credential[]>;
  /**
   * Asks the holder for leave. `session` is what `sign` and `status` need afterwards: a SAD, a transaction code. It is
   * a secret.
   */
  authorise(
    request: Authorisation,
    context: { signal: AbortSignal },
  ): Promise<{ session: string; expiresAt: string }>;
  /** Signs what was authorised; services that sign when the holder confirms answer `waiting` here. */
  sign(
    request: Authorisation & { session: string },
    context: { signal: AbortSignal },
  ): Promise<SignatureAnswer>;
  status(
    request: {
      session: string;
      transactionId: string;
      credentialId: string;
      userId: string;
      /** Those of the authorisation: a CSC service that asked the holder's app signs only now. */
      hashes?: string[];
    },
    context: { signal: AbortSignal },
  ): Promise<SignatureAnswer>;
  /** Takes back what was asked and is not signed; when the service cannot, it expires by itself. */
  cancel(
    request: { session: string; transactionId: string },
    context: { signal: AbortSignal },
  ): Promise<void>;
}
