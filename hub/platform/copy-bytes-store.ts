import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { to } from 'pg-copy-streams';

/**
 * What a binary COPY gives, row after row, of its one column (PostgreSQL, COPY, "Binary Format"): a header of 19 bytes and its extension,
 * then for each row the number of fields and each field's length before it. The parts lie in the memory of `copied`.
 */
const fieldsOf = (copied: Buffer<ArrayBuffer>): Buffer<ArrayBuffer>[] => {
  const fields: Buffer<ArrayBuffer>[] = [];
  let at = 19 + copied.readUInt32BE(15);
  while (copied.readInt16BE(at) === 1) {
    const length = copied.readInt32BE(at + 2);
    if (length < 0) throw new TypeError('a column of bytes holds a null');
    at += 6 + length;
    fields.push(copied.subarray(at - length, at));
  }
  return fields;
};

/** One after the other, in memory that nobody else has a share in: it can be given to another thread. */
export const joined = (parts: Buffer[]): Buffer<ArrayBuffer> => {
  const whole = Buffer.allocUnsafeSlow(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) at += part.copy(whole, at);
  return whole;
};

/**
 * Runs `copy (select …) to stdout (format binary)` of one column that is never null. Bytes come as they are; any other statement answers
 * them as text of twice the length, for the driver knows no binary answers.
 */
export const copyBytes = async (
  client: pg.ClientBase,
  copy: string,
): Promise<{ bytes: Buffer<ArrayBuffer> }[]> => {
  const stream = client.query(to(copy));
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await finished(stream);
  return fieldsOf(joined(chunks)).map(bytes => ({ bytes }));
};
