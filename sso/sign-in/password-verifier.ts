/** What another place says of a name and a password. */
export type PasswordWord =
  /** The password is that of this person, whatever their status. */
  | { outcome: 'right'; staffId: string }
  /** It is not. `staffId`: whose account it was tried on, when it is anybody's. */
  | { outcome: 'wrong'; staffId?: string }
  /** It knows nobody of this name, or is not to be asked. */
  | { outcome: 'unknown' }
  /** It does not answer. Nothing is known of the password. */
  | { outcome: 'away' }
  /** The password is right, but the account there is nobody's here. */
  | { outcome: 'unlinked' };

/** What was typed, and what is known of it here. */
export interface PasswordQuestion {
  username: string;
  password: string;
  /** The person of that name who has a password here, and whether it is this one. */
  own: { staffId: string; matches: boolean } | undefined;
}

/** Another place that knows passwords of people. */
export interface PasswordVerifier {
  verify(question: PasswordQuestion): Promise<PasswordWord>;
}

/** The word of the first that knows the name. Who is away may have known it: only if nobody else does. */
export const askVerifiers = async (
  verifiers: PasswordVerifier[],
  question: PasswordQuestion,
): Promise<PasswordWord> => {
  let last: PasswordWord = { outcome: 'unknown' };
  for (const verifier of verifiers) {
    const word = await verifier.verify(question);
    if (word.outcome === 'away') last = word;
    else if (word.outcome !== 'unknown') return word;
  }
  return last;
};
