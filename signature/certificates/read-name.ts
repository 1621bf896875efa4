import { type Der, Fields, partsOf } from '#signature/asn1/read-der.ts';
import { readOid } from '#signature/asn1/read-values.ts';

const short: Record<string, string> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.42': 'GN',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

const textOf = ({ tag, content }: Der): string => {
  if (tag === 0x1e)
    return Buffer.from(content.subarray(0, content.length & ~1))
      .swap16()
      .toString('utf16le');
  return content.toString(tag === 0x14 ? 'latin1' : 'utf8');
};

/** A name as people read it, most special part first (RFC 4514). For showing; names are compared by their bytes. */
export const readName = (name: Der): string =>
  [...partsOf(name)]
    .toReversed()
    .map(relative =>
      [...partsOf(relative)]
        .map(pair => {
          const fields = new Fields(pair);
          const type = readOid(fields.next());
          const value = textOf(fields.next()).replace(/[,+"\\<>;]/g, '\\$&');
          return `${short[type] ?? type}=${value}`;
        })
        .join('+'),
    )
    .join(', ');
