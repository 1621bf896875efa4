/** DER (ITU-T X.690 §8, §10): one element around its parts. */
export const element = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const hex = body.length.toString(16);
  const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
};

export const sequence = (...parts: Uint8Array[]): Buffer => element(0x30, ...parts);
export const octets = (bytes: Uint8Array): Buffer => element(0x04, bytes);

/** SET OF: its elements sorted by their bytes (§11.6), or some validators hash another set than was signed. */
export const setOf = (...parts: Uint8Array[]): Buffer => element(0x31, ...parts.toSorted(Buffer.compare));

export const integer = (value: number): Buffer => element(0x02, Buffer.from([value]));

export const oid = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap(arc => {
    const septets = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      septets.unshift((left & 0x7f) | 0x80);
    return septets;
  });
  return element(0x06, Buffer.from(bytes));
};
