import { Set as Asn1Set, IA5String, ObjectIdentifier, PrintableString, Sequence, Utf8String } from 'asn1js';
import { RelativeDistinguishedNames } from 'pkijs';

const types = {
  C: '2.5.4.6',
  ST: '2.5.4.8',
  L: '2.5.4.7',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  title: '2.5.4.12',
  CN: '2.5.4.3',
  UID: '0.9.2342.19200300.100.1.1',
  emailAddress: '1.2.840.113549.1.9.1',
} as const;

/** Whose certificate it is, by the short names of X.500. Vietnamese letters are allowed in all but `C` and `emailAddress`. */
export type Subject = Partial<Record<keyof typeof types, string>>;

/**
 * The name as certificates carry it, the country first, each part a set of its own (RFC 5280 §4.1.2.4). It goes by way of
 * its encoding, because the library's own encoder would put all parts into one set.
 */
export const buildName = (subject: Subject): RelativeDistinguishedNames => {
  const parts = Object.entries(types).flatMap(([part, type]) => {
    const value = subject[part as keyof Subject]?.normalize('NFC');
    if (value === undefined) return [];
    const Text = part === 'C' ? PrintableString : part === 'emailAddress' ? IA5String : Utf8String;
    const pair = new Sequence({ value: [new ObjectIdentifier({ value: type }), new Text({ value })] });
    return [new Asn1Set({ value: [pair] })];
  });
  return RelativeDistinguishedNames.fromBER(new Sequence({ value: parts }).toBER());
};
