/** One value in DER (X.690 §10): definite length in as few octets as can be. */
export const der = (tag: number, ...content: Uint8Array[]): Buffer => {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  const header = length < 0x80 ? [tag, length] : [tag, 0x80 | octets.length, ...octets];
  return Buffer.concat([Buffer.from(header), ...content]);
};

export const sequence = (...content: Uint8Array[]): Buffer => der(0x30, ...content);

/** SET OF: sorted by encoding (X.690 §11.6). A validator that encodes anew reads the same bytes only then. */
export const setOf = (...members: Uint8Array[]): Buffer => der(0x31, ...members.toSorted(Buffer.compare));

export const octets = (content: Uint8Array): Buffer => der(0x04, content);

/** A number that is not negative, from its octets, highest first. */
export const integer = (value: number | Uint8Array): Buffer => {
  const bytes = typeof value === 'number' ? Buffer.from([value]) : Buffer.from(value);
  const from = bytes.findIndex(octet => octet !== 0);
  const digits = from < 0 ? Buffer.from([0]) : bytes.subarray(from);
  return digits[0]! & 0x80 ? der(0x02, Buffer.from([0]), digits) : der(0x02, digits);
};

export const oid = (dotted: string): Buffer => {
  const [top, second, ...arcs] = dotted.split('.').map(Number) as [number, number, ...number[]];
  const base128 = (arc: number): number[] => {
    const digits = [arc % 128];
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128))
      digits.unshift((rest % 128) | 0x80);
    return digits;
  };
  return der(0x06, Buffer.from([top * 40 + second, ...arcs].flatMap(base128)));
};

export const nothing = Buffer.from([0x05, 0x00]);

/** AlgorithmIdentifier. */
export const algorithm = (dotted: string, ...parameters: Uint8Array[]): Buffer =>
  sequence(oid(dotted), ...parameters);

/** UTCTime until 2049, GeneralizedTime after it (RFC 5652 §11.3). */
export const time = (at: Date): Buffer => {
  const digits = `${at.toISOString().replace(/[-:T]|\.\d+/g, '')}`;
  return at.getUTCFullYear() < 2050
    ? der(0x17, Buffer.from(digits.slice(2)))
    : der(0x18, Buffer.from(digits));
};
