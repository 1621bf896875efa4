import { oids } from '#signature/asn1/oids.ts';
import { algorithm, der, integer, nothing, octets, sequence } from '#signature/asn1/write-der.ts';
import type { HashName } from '#signature/certificates/verify-signed.ts';

/** TimeStampReq (RFC 3161 §2.4.1): asks for the authority's certificate, too, so that the token can be judged by itself. */
export const timeStampQuery = (imprint: Uint8Array, nonce: Uint8Array, hash: HashName = 'sha256'): Buffer =>
  sequence(
    integer(1),
    sequence(algorithm(oids[hash], nothing), octets(imprint)),
    integer(nonce),
    der(0x01, Buffer.from([0xff])),
  );
