import type { Extension } from 'pkijs';
import { basicConstraints, extendedKeyUsage, keyUsage, ocspNoCheck } from './extensions.ts';

const digitalSignature = 0;
const nonRepudiation = 1;
const clientAuth = '1.3.6.1.5.5.7.3.2';
const emailProtection = '1.3.6.1.5.5.7.3.4';
const timeStamping = '1.3.6.1.5.5.7.3.8';
const ocspSigning = '1.3.6.1.5.5.7.3.9';
const documentSigning = '1.3.6.1.5.5.7.3.36';

/** What a certificate of this authority may be for. A time-stamping one is for nothing else (RFC 3161 §2.3). */
export const extensionsOf = {
  /** A person signs, and signs in with the same token. */
  person: (): Extension[] => [
    keyUsage([digitalSignature, nonRepudiation]),
    extendedKeyUsage([clientAuth, emailProtection, documentSigning]),
  ],
  /** An organisation's seal. */
  seal: (): Extension[] => [
    keyUsage([digitalSignature, nonRepudiation]),
    extendedKeyUsage([emailProtection, documentSigning]),
  ],
  'time-stamping': (): Extension[] => [
    keyUsage([digitalSignature, nonRepudiation]),
    extendedKeyUsage([timeStamping], true),
  ],
  ocsp: (): Extension[] => [keyUsage([digitalSignature]), extendedKeyUsage([ocspSigning]), ocspNoCheck()],
} satisfies Record<string, () => Extension[]>;
export type Purpose = keyof typeof extensionsOf;

export const purposes = Object.keys(extensionsOf) as Purpose[];

/** Of the two authorities themselves: they sign certificates and lists. */
export const authorityExtensions = (pathLength?: number): Extension[] => [
  basicConstraints(true, pathLength),
  keyUsage([5, 6]),
];
