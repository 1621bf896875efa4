import { type Static, Type } from 'typebox';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { certificateBase64, ecdsaInDer, oneForEach, plainBase64 } from '#connectors/kit/signature-value.ts';
import type { Authorisation, Credential } from '#schemas/signer.ts';

export interface CscSettings {
  baseUrl: string;
  version: '1' | '2';
  auth: 'oauth' | 'bearer';
  tokenUrl?: string;
  clientId?: string;
  clientSecret?: string;
  scope: string;
  token?: string;
  sendUserId: boolean;
  testUser: string;
  maxHashes: number;
}

const presence = Type.Optional(
  Type.Object({ presence: Type.Optional(Type.Union([Type.String(), Type.Boolean()])) }),
);
/** `credentials/info` of both versions (1.0.4 §11.5, 2.0 §11.5): only what is read. */
export const CscCredential = Type.Object({
  key: Type.Object({ status: Type.String(), algo: Type.Array(Type.String(), { minItems: 1 }) }),
  cert: Type.Object({
    status: Type.Optional(Type.String()),
    certificates: Type.Array(Type.String(), { minItems: 1 }),
  }),
  authMode: Type.Optional(Type.String()),
  PIN: presence,
  OTP: presence,
  auth: Type.Optional(
    Type.Object({
      mode: Type.String(),
      objects: Type.Optional(Type.Array(Type.Object({ id: Type.String() }))),
    }),
  ),
  multisign: Type.Union([Type.Number(), Type.String()]),
});
export type CscCredential = Static<typeof CscCredential>;

/** `explicit`: by PIN or code; `implicit`: in the service's own app; `oauth2code`: in a browser, which the hub has not. */
export const modeOf = (told: CscCredential): string => told.auth?.mode ?? told.authMode ?? 'explicit';

const asksFor = (told: CscCredential): Credential['asks'] => {
  const ids = told.auth?.objects?.map(one => one.id.toUpperCase()) ?? [];
  const needs = (name: 'PIN' | 'OTP') => ids.includes(name) || String(told[name]?.presence) === 'true';
  const asked: Credential['asks'] = [];
  if (needs('PIN')) asked.push('pin');
  if (needs('OTP')) asked.push('otp');
  return asked.length === 0 || modeOf(told) === 'implicit' ? ['app'] : asked;
};

const states: Record<string, Credential['status']> = {
  valid: 'active',
  expired: 'expired',
  revoked: 'revoked',
  suspended: 'suspended',
};

export const toCredential = (id: string, told: CscCredential, settings: CscSettings): Credential => {
  const [own = '', ...issuers] = told.cert.certificates;
  const status = states[told.cert.status ?? 'valid'] ?? 'suspended';
  return {
    id,
    certificate: certificateBase64(own),
    chain: issuers.map(certificateBase64),
    status: status === 'active' && told.key.status !== 'enabled' ? 'suspended' : status,
    asks: asksFor(told),
    maxHashes: Math.max(1, Math.min(settings.maxHashes, Number(told.multisign) || 1)),
  };
};

const sha256 = '2.16.840.1.101.3.4.2.1';
/** With SHA-256 in it first: then nothing can be misunderstood. */
const algorithms = ['1.2.840.113549.1.1.11', '1.2.840.10045.4.3.2', '1.2.840.113549.1.1.1'];

const signAlgoOf = (told: CscCredential): string => {
  const found = algorithms.find(one => told.key.algo.includes(one));
  if (found === undefined)
    throw new ConnectorError('refused', 'the key has no algorithm that the hub takes (RSA PKCS#1, ECDSA)');
  return found;
};

/** The hashes as each version names them. */
const hashesOf = ({ hashes }: { hashes: string[] }, { version }: CscSettings) =>
  version === '1' ? { hash: hashes, hashAlgo: sha256 } : { hashes, hashAlgorithmOID: sha256 };

export const toAuthorize = (request: Authorisation, settings: CscSettings) => {
  const { pin, otp } = request;
  const { hash, hashAlgo: _, ...second } = hashesOf(request, settings) as Record<string, unknown>;
  const authData = [
    ...(pin === undefined ? [] : [{ id: 'PIN', value: pin }]),
    ...(otp === undefined ? [] : [{ id: 'OTP', value: otp }]),
  ];
  return {
    credentialID: request.credentialId,
    numSignatures: request.hashes.length,
    description: request.title,
    clientData: request.transactionId,
    ...(settings.version === '1'
      ? { hash, ...(pin === undefined ? {} : { PIN: pin }), ...(otp === undefined ? {} : { OTP: otp }) }
      : { ...second, ...(authData.length === 0 ? {} : { authData }) }),
  };
};

export const toSignHash = (
  request: { credentialId: string; hashes: string[] },
  sad: string,
  told: CscCredential,
  settings: CscSettings,
) => ({
  credentialID: request.credentialId,
  SAD: sad,
  ...hashesOf(request, settings),
  signAlgo: signAlgoOf(told),
});

/** As many as the hashes, in the service's order, which the API promises to be that of the hashes. */
export const toSignatures = (signatures: string[], count: number): string[] =>
  oneForEach(signatures, count).map(one => ecdsaInDer(plainBase64(one)));
