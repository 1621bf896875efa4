import type { PreparedSignature } from '#signature/pdf/placeholder.ts';

type Prepared = Omit<PreparedSignature, 'digest'>;

/** A prepared increment without the zeros that keep the place of its signature, which are nearly all of it: for the time that it waits. Pure. */
export const withoutRoom = ({ increment, contentsAt, contentsBytes }: Prepared): Buffer =>
  Buffer.concat([increment.subarray(0, contentsAt), increment.subarray(contentsAt + 2 * contentsBytes)]);

/** The increment as it was prepared, from what `withoutRoom` left of it; one that has its room (of an earlier version) stays as it is. Pure. */
export const withRoom = ({ increment, contentsAt, contentsBytes }: Prepared): Buffer =>
  increment.toString('latin1', contentsAt, contentsAt + 1) === '>'
    ? Buffer.concat([
        increment.subarray(0, contentsAt),
        Buffer.alloc(2 * contentsBytes, '0'),
        increment.subarray(contentsAt),
      ])
    : increment;
