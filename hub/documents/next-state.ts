/** Where a document is at one receiver. */
export const receiverStates = [
  'waiting',
  'sent',
  'arrived',
  'received',
  'assigned',
  'in-progress',
  'done',
  'refused',
  'recall-asked',
  'recalled',
  'replaced',
  'failed',
] as const;
export type ReceiverState = (typeof receiverStates)[number];

/** The order in which a receiver works; only forwards. */
const steps: Record<string, ReceiverState> = {
  '01': 'arrived',
  '03': 'received',
  '04': 'assigned',
  '05': 'in-progress',
  '06': 'done',
};
const work: ReceiverState[] = ['waiting', 'sent', 'arrived', 'received', 'assigned', 'in-progress', 'done'];
const over = new Set<ReceiverState>(['done', 'refused', 'recalled', 'replaced']);

/** Codes that the practice of the axis knows; others are two digits that are kept and shown as they came. */
export const knownCodes: readonly string[] = [...Object.keys(steps), '02', '13', '15', '16'];

export interface Standing {
  state: ReceiverState;
  before: ReceiverState | undefined;
}

/**
 * The state after a status; undefined when it changes nothing: late, repeated, out of place or of a code that nobody
 * knows. A document that was asked back waits for 15 or 16 and goes on where it was when the receiver declines.
 */
export const nextState = ({ state, before }: Standing, code: string): Standing | undefined => {
  // A hand-over that was given up has arrived after all when its receiver says so.
  const at = state === 'failed' ? 'waiting' : state;
  if (at === 'recall-asked') {
    if (code === '15') return { state: 'recalled', before: undefined };
    return code === '16' ? { state: before ?? 'sent', before: undefined } : undefined;
  }
  if (over.has(at)) return undefined;
  if (code === '13') return { state: 'recall-asked', before: at };
  if (code === '02')
    return work.indexOf(at) <= work.indexOf('arrived') ? { state: 'refused', before } : undefined;
  const step = steps[code];
  if (step === undefined || work.indexOf(step) <= work.indexOf(at)) return undefined;
  return { state: step, before };
};
