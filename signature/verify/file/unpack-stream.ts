import { inflateSync } from 'node:zlib';
import { OddFile } from '#signature/verify/file/odd.ts';
import { Dict, nameOf, type Value } from '#signature/verify/file/values.ts';

/** More than any table of objects needs; a small stream must not unpack to gigabytes. */
const maxBytes = 64 * 1024 * 1024;

const numberOr = (value: Value | undefined, other: number): number =>
  typeof value === 'number' ? value : other;

/** Undoes PNG's row filters (ISO 32000-2 §7.4.4.4). */
const undoPrediction = (data: Buffer, columns: number): Buffer => {
  const rows = Math.floor(data.length / (columns + 1));
  const out = Buffer.alloc(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const filter = data[row * (columns + 1)]!;
    const from = row * (columns + 1) + 1;
    const to = row * columns;
    for (let column = 0; column < columns; column += 1) {
      const left = column > 0 ? out[to + column - 1]! : 0;
      const up = row > 0 ? out[to - columns + column]! : 0;
      const corner = row > 0 && column > 0 ? out[to - columns + column - 1]! : 0;
      const guess = left + up - corner;
      const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      const added = [0, left, up, (left + up) >> 1, paeth][filter];
      if (added === undefined) throw new OddFile('stream-unreadable');
      out[to + column] = data[from + column]! + added;
    }
  }
  return out;
};

/**
 * The data of a stream that holds objects or a cross-reference: not packed, or by Flate with PNG prediction, as these are.
 * @throws OddFile stream-unreadable, stream-too-large
 */
export const unpackStream = (dict: Dict, data: Buffer): Buffer => {
  const filters = dict.get('Filter') ?? null;
  const filter = Array.isArray(filters) && filters.length <= 1 ? (filters[0] ?? null) : filters;
  if (filter === null) return data;
  if (nameOf(filter) !== 'FlateDecode' && nameOf(filter) !== 'Fl') throw new OddFile('stream-unreadable');
  let plain: Buffer;
  try {
    plain = inflateSync(data, { maxOutputLength: maxBytes });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new OddFile(code === 'ERR_BUFFER_TOO_LARGE' ? 'stream-too-large' : 'stream-unreadable');
  }
  const given = dict.get('DecodeParms');
  const parameters = Array.isArray(given) ? given[0] : given;
  if (!(parameters instanceof Dict) || numberOr(parameters.get('Predictor'), 1) < 10) return plain;
  const bits = numberOr(parameters.get('BitsPerComponent'), 8) * numberOr(parameters.get('Colors'), 1);
  const columns = numberOr(parameters.get('Columns'), 1);
  if (bits !== 8 || columns < 1 || columns > 64) throw new OddFile('stream-unreadable');
  return undoPrediction(plain, columns);
};
