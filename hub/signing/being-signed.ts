import type { SigningState } from '#schemas/signing.ts';

const states: ReadonlySet<SigningState> = new Set(['authorised', 'signed', 'time-stamped']);

/** Whether a step was decided and its signature is not in the file yet: nobody is waited for, and nothing is taken back. Pure. */
export const isBeingSigned = ({ state }: { state: SigningState }): boolean => states.has(state);
