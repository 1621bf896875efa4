import { type KeyObject, sign } from 'node:crypto';
import { BitString, Null } from 'asn1js';
import { AlgorithmIdentifier } from 'pkijs';

/** What names the signatures of a key: SHA-256 with RSA (RFC 4055) or with ECDSA (RFC 5758). */
export const signatureAlgorithmOf = (key: KeyObject): AlgorithmIdentifier =>
  key.asymmetricKeyType === 'rsa'
    ? new AlgorithmIdentifier({ algorithmId: '1.2.840.113549.1.1.11', algorithmParams: new Null() })
    : new AlgorithmIdentifier({ algorithmId: '1.2.840.10045.4.3.2' });

/** A copy with a memory of its own: the encoder takes whole `ArrayBuffer`s. */
export const toArrayBuffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

/** Signs encoded bytes; the signature as certificates, lists and OCSP answers carry it. */
export const signBytes = (key: KeyObject, bytes: ArrayBuffer): BitString =>
  new BitString({ valueHex: toArrayBuffer(sign('sha256', new Uint8Array(bytes), key)) });
