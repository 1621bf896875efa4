import { AppError } from '#hub/platform/errors.ts';

/** DER as PEM (RFC 7468). */
export const toPem = (label: 'CERTIFICATE REQUEST', der: Buffer): string =>
  `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;

const block = /-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/g;

/**
 * Certificates as an authority hands them out: one in DER, in base64, or any number in PEM. Answers DER.
 *
 * @throws AppError `certificate-unreadable`
 */
export const readCertificates = (text: string): Buffer[] => {
  const found = text.includes('-----BEGIN') ? [...text.matchAll(block)].map(([, body]) => body!) : [text];
  const ders = found.map(body => Buffer.from(body, 'base64'));
  if (ders.length === 0 || ders.some(der => der[0] !== 0x30)) throw new AppError('certificate-unreadable');
  return ders;
};
