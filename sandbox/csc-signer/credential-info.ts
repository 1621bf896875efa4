import type { HeldKey } from '#sandbox/kit/signing-holders.ts';

export type CscVersion = '1' | '2';

/** `credentials/info` as each version has it: v1 with PIN and OTP on top, v2 with `auth`. */
export const credentialInfo = (
  key: HeldKey,
  holder: { otp?: string; asks: 'pin' | 'app' },
  { version, multisign }: { version: CscVersion; multisign: number },
  isRevoked: boolean,
) => {
  const both = {
    description: 'A key of the sandbox',
    key: { status: 'enabled', algo: ['1.2.840.113549.1.1.1', '1.2.840.113549.1.1.11'], len: 2048 },
    cert: {
      status: isRevoked ? 'revoked' : 'valid',
      certificates: key.chain,
      serialNumber: key.serialNumber,
      subjectDN: key.certificate.subject,
    },
    SCAL: '2',
    multisign,
  };
  const byPin = holder.asks === 'pin';
  if (version === '1')
    return {
      ...both,
      authMode: byPin ? 'explicit' : 'implicit',
      PIN: { presence: String(byPin), format: 'N' },
      OTP: { presence: String(byPin && holder.otp !== undefined), type: 'offline', format: 'N' },
    };
  const ids = byPin ? ['PIN', ...(holder.otp === undefined ? [] : ['OTP'])] : [];
  return {
    ...both,
    auth: {
      mode: 'explicit',
      expression: ids.join(' AND '),
      objects: ids.map(id => ({ type: 'Password', id, format: 'N', label: id })),
    },
  };
};
