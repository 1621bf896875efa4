import { type Der, DerError, Fields, partsOf } from '#signature/asn1/read-der.ts';

/** Tags of X.680 that our formats use. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

const expect = (value: Der, tag: number): Buffer => {
  if (value.tag !== tag) throw new DerError(`tag ${value.tag} where ${tag} should be`);
  return value.content;
};

export const readOid = (value: Der): string => {
  const content = expect(value, tags.oid);
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const octet of content) {
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    if (arc >> 128n) throw new DerError('an object identifier without end');
    if (octet & 0x80) continue;
    if (arcs.length === 0) {
      const top = arc < 40n ? 0n : arc < 80n ? 1n : 2n;
      arcs.push(top, arc - top * 40n);
    } else arcs.push(arc);
    arc = 0n;
  }
  if (content.length === 0 || content.at(-1)! & 0x80) throw new DerError('half an object identifier');
  return arcs.join('.');
};

/** An INTEGER in hex without leading zeros, `-` before a negative one: serial numbers are compared as this. */
export const readInteger = (value: Der): string => {
  const content = expect(value, tags.integer);
  if (content.length === 0 || content.length > 128) throw new DerError('no such integer');
  const whole = BigInt(`0x${content.toString('hex')}`);
  return (content[0]! & 0x80 ? whole - (1n << BigInt(content.length * 8)) : whole).toString(16);
};

/** A BIT STRING of whole octets: keys and signatures. */
export const readBits = (value: Der): Buffer => {
  const content = expect(value, tags.bits);
  if (content[0] !== 0) throw new DerError('bits that fill no octets');
  return content.subarray(1);
};

/** An OCTET STRING, also in BER's parts. */
export const readOctets = (value: Der, depth = 0): Buffer => {
  if (value.tag === tags.octets) return value.content;
  if (value.tag !== 0x24 || depth > 8) throw new DerError('no octets');
  return Buffer.concat([...partsOf(value)].map(part => readOctets(part, depth + 1)));
};

/** UTCTime and GeneralizedTime as RFC 5280 §4.1.2.5 allows them: in UTC, with seconds; RFC 3161 adds fractions. */
export const readTime = (value: Der): Date => {
  const text = value.content.toString('latin1');
  const short = value.tag === tags.utcTime;
  if (!short && value.tag !== tags.generalizedTime) throw new DerError('no time');
  const whole = short ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const [, year, month, day, hour, minute, second, fraction = ''] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(whole) ?? [];
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z`);
  if (Number.isNaN(time.getTime())) throw new DerError('no time');
  return time;
};

/** AlgorithmIdentifier of RFC 5280 §4.1.1.2. */
export interface Algorithm {
  oid: string;
  parameters: Der | undefined;
}
export const readAlgorithm = (value: Der): Algorithm => {
  const fields = new Fields(value);
  const oid = readOid(fields.next());
  return { oid, parameters: fields.optional(0x05, 0x06, 0x30) };
};
