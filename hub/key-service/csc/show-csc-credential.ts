import type { CredentialRow } from '#hub/key-service/credential-store.ts';
import { keyOf } from '#hub/key-service/csc/algorithms.ts';
import { maxHashes, statusOf } from '#hub/key-service/show-credential.ts';
import { readCertificate } from '#signature/certificates/read-certificate.ts';

/** How much is asked for: `credentials/info`, and `credentials/list` with `credentialInfo`. */
export interface AskedInfo {
  certificates?: 'none' | 'single' | 'chain';
  certInfo?: boolean;
  authInfo?: boolean;
}

/** GeneralizedTime (X.680), as the API has it. */
const timeOf = (date: Date): string => `${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z`;

const certOf = (
  { certificate, chain }: CredentialRow & { certificate: Buffer },
  { certificates = 'single', certInfo }: AskedInfo,
) => {
  const sent = { none: [], single: [certificate], chain: [certificate, ...chain] }[certificates];
  const shown = certificates === 'none' ? {} : { certificates: sent.map(der => der.toString('base64')) };
  if (!certInfo) return shown;
  const { issuer, subject, serial, notBefore, notAfter } = readCertificate(certificate);
  return {
    ...shown,
    issuerDN: issuer,
    serialNumber: serial,
    subjectDN: subject,
    validFrom: timeOf(notBefore),
    validTo: timeOf(notAfter),
  };
};

const label = { PIN: 'Mã PIN', OTP: 'Mã xác thực' };
/** PIN and a code of the holder's authenticator, in the words of v2 and beside them of v1. */
const auth = {
  auth: {
    mode: 'explicit',
    expression: 'PIN AND OTP',
    objects: [
      { type: 'Password', id: 'PIN', format: 'A', label: label.PIN },
      { type: 'Password', id: 'OTP', format: 'N', label: label.OTP, generator: 'totp' },
    ],
  },
  authMode: 'explicit',
  PIN: { presence: 'true', format: 'A', label: label.PIN },
  OTP: { presence: 'true', type: 'offline', format: 'N', label: label.OTP },
};

const certStatus = {
  active: 'valid',
  suspended: 'suspended',
  revoked: 'revoked',
  expired: 'expired',
} as const;

/** A key as the CSC API shows it (2.0 §11.5). Pure. */
export const showCscCredential = (row: CredentialRow & { certificate: Buffer }, asked: AskedInfo) => {
  const status = statusOf(row);
  return {
    description: row.subject.CN ?? row.id,
    key: { status: status === 'active' && !row.pinOnce ? 'enabled' : 'disabled', ...keyOf(row.algorithm) },
    cert: { status: certStatus[status], ...certOf(row, asked) },
    ...(asked.authInfo ? auth : {}),
    SCAL: '2',
    multisign: maxHashes,
  };
};
