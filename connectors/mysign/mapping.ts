import { type Static, Type } from 'typebox';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { nullable } from '#connectors/kit/nullable.ts';
import { certificateBase64, ecdsaInDer, plainBase64 } from '#connectors/kit/signature-value.ts';
import type { Authorisation, Credential, SignatureAnswer } from '#schemas/signer.ts';

export interface MysignSettings {
  baseUrl: string;
  clientId: string;
  clientSecret: string;
  profileId: string;
  testUser: string;
  maxHashes: number;
  confirmSeconds: number;
}

/** A certificate as the service tells it; numbers come as texts. */
export const MysignCredential = Type.Object({
  credential_id: Type.String({ minLength: 1 }),
  key: Type.Object({
    status: Type.Optional(Type.String()),
    algo: Type.Array(Type.String(), { minItems: 1 }),
  }),
  cert: Type.Object({
    status: Type.Optional(Type.String()),
    certificates: Type.Array(Type.String(), { minItems: 1 }),
  }),
  multisign: Type.Optional(Type.Union([Type.String(), Type.Number()])),
});
export type MysignCredential = Static<typeof MysignCredential>;

const states: Record<string, Credential['status']> = {
  valid: 'active',
  revoked: 'revoked',
  expired: 'expired',
  suspended: 'suspended',
};

export const toCredential = (told: MysignCredential, settings: MysignSettings): Credential => {
  const [own = '', ...issuers] = told.cert.certificates;
  const status = states[(told.cert.status ?? 'valid').toLowerCase()] ?? 'suspended';
  const isOff = status === 'active' && (told.key.status ?? 'enabled') !== 'enabled';
  return {
    id: told.credential_id,
    certificate: certificateBase64(own),
    chain: issuers.map(certificateBase64),
    status: isOff ? 'suspended' : status,
    asks: ['app'],
    maxHashes: Math.max(1, Math.min(settings.maxHashes, Number(told.multisign) || settings.maxHashes)),
  };
};

/**
 * What the holder reads in the app: base64 of at most 99 characters, of letters without accents, digits, `_`, `-` and
 * spaces. Whatever else is in it becomes a space.
 */
export const shownText = (text: string): string => {
  const plain = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('đ', 'd')
    .replaceAll('Đ', 'D')
    .replace(/[^A-Za-z0-9_-]+/g, ' ')
    .trim();
  return Buffer.from(plain.slice(0, 72).trim() || '-').toString('base64');
};

const sha256 = '2.16.840.1.101.3.4.2.1';

export const toSignRequest = (request: Authorisation, signAlgo: string) => ({
  credentialID: request.credentialId,
  numSignatures: request.hashes.length,
  description: shownText(request.title),
  documents: request.hashes.map((_, index) => ({
    document_id: `${request.transactionId}-${index + 1}`,
    document_name: shownText(request.documents[index] ?? request.title),
  })),
  hash: request.hashes,
  hashAlgo: sha256,
  signAlgo,
  // The answer comes at once, the signatures by asking for the status.
  async: 1,
});

export const MysignStatus = Type.Object({
  status: Type.Union([Type.String(), Type.Number()]),
  signatures: nullable(Type.Array(Type.String())),
});

/** The codes of `requests/status`. What is not known is an `unexpected-answer`: nothing is guessed. */
export const toAnswer = (session: string, told: Static<typeof MysignStatus>): SignatureAnswer => {
  const code = String(told.status);
  switch (code) {
    case '1':
      return {
        state: 'signed',
        signatures: (told.signatures ?? []).map(one => ecdsaInDer(plainBase64(one))),
      };
    case '0':
    case '4000':
    case '6000':
      return { state: 'waiting', session };
    case '4001':
      return { state: 'expired', reason: 'the holder did not confirm in time' };
    case '4002':
      return { state: 'refused', reason: 'the holder refused in the app' };
    case '4004':
      return { state: 'unable', reason: 'the service could not sign (4004)' };
    case '4005':
      return { state: 'unable', reason: 'the account has no signatures or money left (4005)' };
    case '13004':
      return { state: 'unable', reason: 'the certificate is expired or revoked (13004)' };
    case '50000':
      throw new ConnectorError('unavailable', 'the service has an inner fault', { vendorCode: code });
    default:
      throw new ConnectorError('unexpected-answer', 'the service tells a state that is not known');
  }
};
