/** What the holder's phone shows until they decide, or until the time is up. */
export interface PhoneQuestion {
  id: string;
  userId: string;
  title: string;
  state: 'waiting' | 'confirmed' | 'refused' | 'expired';
  /** Milliseconds since 1970. */
  expiresAt: number;
  /** How often somebody looked since it was confirmed. */
  looks: number;
}
/** How a signing service misbehaves beside what `kit/faults.ts` has; `POST /_faults {"mode":…}`. */
export const signingFaults = [
  /** Confirmed, but the signatures come only at the third look. */
  'late',
  /** Every signature is told twice. */
  'twice',
  /** The signatures of two hashes change places. */
  'swapped',
  /** Nobody ever confirms. */
  'expires',
  /** The holder says no. */
  'refuses',
  /** The certificate was revoked. */
  'revoked',
] as const;
export type SigningFault = (typeof signingFaults)[number] | 'ok';

/**
 * The questions of a service to its holders. `POST /_confirm` is the holder's thumb:
 * `{"decision":"confirm"|"refuse"|"expire"}` decides all that wait, with `"id"` one of them.
 */
export const createPhone = (lifetimeMs = 300_000) => {
  const questions = new Map<string, PhoneQuestion>();
  let fault: SigningFault = 'ok';
  const decisions = { confirm: 'confirmed', refuse: 'refused', expire: 'expired' } as const;
  return {
    fault: () => fault,
    setFault(mode: string) {
      fault = mode as SigningFault;
    },
    ask(question: { id: string; userId: string; title: string }): PhoneQuestion {
      const state = fault === 'expires' ? 'expired' : fault === 'refuses' ? 'refused' : 'waiting';
      const asked: PhoneQuestion = { ...question, state, expiresAt: Date.now() + lifetimeMs, looks: 0 };
      questions.set(question.id, asked);
      return asked;
    },
    /** How it stands now; each look counts. */
    look(id: string): PhoneQuestion | undefined {
      const question = questions.get(id);
      if (question?.state === 'waiting' && question.expiresAt <= Date.now()) question.state = 'expired';
      if (question?.state === 'confirmed') question.looks += 1;
      return question;
    },
    decide(order: Record<string, unknown>): { decided: number } {
      const state = decisions[(order.decision ?? 'confirm') as keyof typeof decisions];
      const open = [...questions.values()].filter(
        one => one.state === 'waiting' && (order.id === undefined || one.id === order.id),
      );
      for (const one of open) one.state = state;
      return { decided: open.length };
    },
    all: () => [...questions.values()],
  };
};
export type Phone = ReturnType<typeof createPhone>;

/** The signatures as the fault wants them. */
export const spoilSignatures = <T>(signatures: T[], fault: SigningFault): T[] => {
  if (fault === 'twice') return signatures.flatMap(one => [one, one]);
  const [first, second, ...rest] = signatures;
  return fault === 'swapped' && second !== undefined ? [second, first as T, ...rest] : signatures;
};
