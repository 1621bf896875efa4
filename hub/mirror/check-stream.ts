/** What the server tells of a stream, and the id of the message at `record.lastSeq`. */
export interface StreamSeen {
  created: string;
  firstSeq: number;
  lastSeq: number;
  messages: number;
  idAtLast: string | undefined;
}

/** What PostgreSQL says that was published. `marks`: how far the stream was when (sequence, ms), oldest first. */
export interface StreamRecord {
  created: string | null;
  lastSeq: number;
  lastId: string | null;
  marks: [number, number][];
}

export type Difference = 'new' | 'missing' | 'recreated' | 'lost' | 'foreign' | 'removed' | 'different';

/** The server's clock and ours may differ by so much. */
const slackMs = 60_000;

/** The sequence up to which messages may have aged away: what was published within the age must all be there. */
const agedUpTo = (marks: StreamRecord['marks'], now: number, maxAgeMs: number): number =>
  marks.find(([, at]) => at > now - maxAgeMs + slackMs)?.[0] ?? Number.POSITIVE_INFINITY;

/**
 * How a stream differs from what was published to it; undefined when it does not. `inFlight` messages more than were
 * noted may be there: the hub may have died between the publishing and the note. Pure.
 */
export const checkStream = (
  record: StreamRecord,
  seen: StreamSeen | undefined,
  { now, maxAgeMs, inFlight }: { now: number; maxAgeMs: number; inFlight: number },
): Difference | undefined => {
  if (record.created === null) return 'new';
  if (seen === undefined) return 'missing';
  if (seen.created !== record.created) return 'recreated';
  if (seen.lastSeq < record.lastSeq) return 'lost';
  if (seen.lastSeq > record.lastSeq + inFlight) return 'foreign';
  if (seen.lastSeq === 0) return undefined;
  if (seen.messages !== seen.lastSeq - seen.firstSeq + 1) return 'removed';
  if (seen.firstSeq > agedUpTo(record.marks, now, maxAgeMs) + 1) return 'removed';
  if (record.lastSeq >= seen.firstSeq && seen.idAtLast !== record.lastId) return 'different';
  return undefined;
};

/** The marks after one more page; about 64 span the age. */
export const addMark = (
  marks: StreamRecord['marks'],
  lastSeq: number,
  now: number,
  maxAgeMs: number,
): StreamRecord['marks'] => {
  const newest = marks.at(-1);
  if (newest !== undefined && now - newest[1] < maxAgeMs / 64) return marks;
  return [...marks.filter(([, at]) => at > now - maxAgeMs), [lastSeq, now]];
};
