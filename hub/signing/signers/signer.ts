import type { Authorisation, Credential, SignatureAnswer } from '#schemas/signer.ts';

/** Whose key: a person's, or an organisation's. */
export interface Holder {
  staffId: string | null;
  unitId: string | null;
}

/** Who gives leave, and what they proved in the browser; services of others know nothing of it. */
export interface Approver {
  staffId: string;
  factorAt?: string | undefined;
}

/** A transaction at a service; its `session` is a secret. */
export interface Transaction {
  session: string;
  transactionId: string;
  credentialId: string;
  userId: string;
  /** Some services sign what their holder has confirmed only when they have the hashes again. */
  hashes?: string[];
}

/** One signing service behind its route, embedded or outside: the same for both. Its refusals are `AppError`s. */
export interface Signer {
  /** Undefined: this holder has no account there. */
  userOf(holder: Holder): Promise<string | undefined>;
  certificates(holder: Holder, userId: string): Promise<Credential[]>;
  authorise(request: Authorisation, approver: Approver): Promise<{ session: string; expiresAt: string }>;
  sign(request: Authorisation & { session: string }): Promise<SignatureAnswer>;
  /** How far what was asked is; the first time it is asked, `sign`. */
  status(transaction: Transaction): Promise<SignatureAnswer>;
}
