import { createHash } from 'node:crypto';
import { der, sequence } from '#signature/asn1/write-der.ts';
import { readCertificate } from '#signature/certificates/read-certificate.ts';
import { ds, xades } from '#signature/xml/open-xml.ts';
import { sha256Uri } from '#signature/xml/xml-algorithms.ts';

/**
 * What a XAdES baseline signature says of itself (ETSI EN 319 132-1 §6.3): claimed time, certificate by hash and by issuer and
 * serial, and that the signed object is XML.
 */
export const qualifyingProperties = (
  id: string,
  { certificate, signingTime }: { certificate: Uint8Array; signingTime: Date },
): string => {
  const { issuerName, serialNumber } = readCertificate(certificate);
  const issuerSerial = sequence(sequence(der(0xa4, issuerName)), serialNumber).toString('base64');
  const hash = createHash('sha256').update(certificate).digest('base64');
  return [
    `<xades:QualifyingProperties xmlns:xades="${xades}" xmlns:ds="${ds}" Target="#${id}">`,
    `<xades:SignedProperties Id="${id}-properties"><xades:SignedSignatureProperties>`,
    `<xades:SigningTime>${signingTime.toISOString().replace(/\.\d+/, '')}</xades:SigningTime>`,
    '<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>',
    `<ds:DigestMethod Algorithm="${sha256Uri}"></ds:DigestMethod><ds:DigestValue>${hash}</ds:DigestValue>`,
    `</xades:CertDigest><xades:IssuerSerialV2>${issuerSerial}</xades:IssuerSerialV2></xades:Cert>`,
    '</xades:SigningCertificateV2></xades:SignedSignatureProperties><xades:SignedDataObjectProperties>',
    `<xades:DataObjectFormat ObjectReference="#${id}-document"><xades:MimeType>application/xml</xades:MimeType>`,
    '</xades:DataObjectFormat></xades:SignedDataObjectProperties></xades:SignedProperties>',
    '</xades:QualifyingProperties>',
  ].join('');
};

/** The unsigned half: a time-stamp over the canonical SignatureValue (EN 319 132-1 §5.3). */
export const timeStampProperties = (id: string, token: Uint8Array, canonicalization: string): string =>
  [
    `<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:SignatureTimeStamp Id="${id}-time-stamp">`,
    `<ds:CanonicalizationMethod Algorithm="${canonicalization}"></ds:CanonicalizationMethod>`,
    `<xades:EncapsulatedTimeStamp>${Buffer.from(token).toString('base64')}</xades:EncapsulatedTimeStamp>`,
    '</xades:SignatureTimeStamp></xades:UnsignedSignatureProperties></xades:UnsignedProperties>',
  ].join('');
