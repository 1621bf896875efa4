import { isIP } from 'node:net';
import {
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Secrets } from '#hub/platform/secrets.ts';
import type { Passkey } from '#sso/factors/factor-store.ts';

/** Whom passkeys are for (WebAuthn §5.4.2): the host of our origin. */
export interface RelyingParty {
  id: string;
  origin: string;
}

/** Undefined where browsers make no passkeys: at a bare address, and without TLS except on the machine itself. */
export const relyingPartyOf = (origin: string): RelyingParty | undefined => {
  const { hostname, protocol } = new URL(origin);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return undefined;
  return protocol === 'https:' || hostname === 'localhost' ? { id: hostname, origin } : undefined;
};

/** EdDSA, ES256, RS256 (IANA COSE): what devices have; the library would ask for what Node only tries out. */
const algorithms = [-8, -7, -257];
const windowMs = 300_000;

/**
 * The challenge for one sign-in or session, and one purpose: whoever learns it cannot use it elsewhere, and it is new
 * every five minutes. `age` 1 is the one before. Nothing need be kept for it.
 */
const challengeFor = (secrets: Secrets, owner: string, age: 0 | 1): Buffer =>
  secrets.keyedHash('passkey-challenge', `${owner} ${Math.floor(Date.now() / windowMs) - age}`);

const isChallengeFor = (secrets: Secrets, owner: string) => (challenge: string) =>
  ([0, 1] as const).some(age => challengeFor(secrets, owner, age).toString('base64url') === challenge);

const parse = <T>(text: string | undefined): T | undefined => {
  try {
    return JSON.parse(text ?? '') as T;
  } catch {
    return undefined;
  }
};

const transportsOf = (transports: string[]) => transports as AuthenticatorTransport[];

/** What the browser needs to make a passkey (WebAuthn §5.4). */
export const offerRegistration = (
  { secrets, relyingParty }: { secrets: Secrets; relyingParty: RelyingParty },
  person: { staffId: string; username: string; name: string; owner: string; known: Passkey[] },
) =>
  generateRegistrationOptions({
    rpName: 'Liên Thông',
    rpID: relyingParty.id,
    userID: Uint8Array.from(Buffer.from(person.staffId.replaceAll('-', ''), 'hex')),
    userName: person.username,
    userDisplayName: person.name,
    challenge: Uint8Array.from(challengeFor(secrets, `add ${person.owner}`, 0)),
    attestationType: 'none',
    supportedAlgorithmIDs: algorithms,
    excludeCredentials: person.known.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: transportsOf(transports),
    })),
    authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
  });

/** The passkey that a browser has made for us; undefined: it has not, or not for this person here and now. */
export const readRegistration = async (
  { secrets, relyingParty }: { secrets: Secrets; relyingParty: RelyingParty },
  { owner, response }: { owner: string; response: string | undefined },
): Promise<Omit<Passkey, 'id'> | undefined> => {
  const given = parse<RegistrationResponseJSON>(response);
  if (given === undefined) return undefined;
  // The library throws for whatever does not fit.
  const { registrationInfo } = await verifyRegistrationResponse({
    response: given,
    expectedChallenge: isChallengeFor(secrets, `add ${owner}`),
    expectedOrigin: relyingParty.origin,
    expectedRPID: relyingParty.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  }).catch(() => ({ registrationInfo: undefined }));
  if (registrationInfo === undefined) return undefined;
  const { id, publicKey, counter } = registrationInfo.credential;
  const told: unknown = given.response.transports;
  const transports = (Array.isArray(told) ? told : []).filter(one => /^[a-z-]{1,20}$/.test(one));
  return { credentialId: id, publicKey: Buffer.from(publicKey), counter, transports };
};

/** What the browser needs to sign with one of these passkeys. */
export const offerPasskeys = (
  { secrets, relyingParty }: { secrets: Secrets; relyingParty: RelyingParty },
  { owner, known }: { owner: string; known: Passkey[] },
) =>
  generateAuthenticationOptions({
    rpID: relyingParty.id,
    challenge: Uint8Array.from(challengeFor(secrets, `use ${owner}`, 0)),
    userVerification: 'required',
    allowCredentials: known.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: transportsOf(transports),
    })),
  });

/** The passkey that signed, and its counter; undefined: none of these did, for this sign-in, at our origin. */
export const readSignature = async (
  { secrets, relyingParty }: { secrets: Secrets; relyingParty: RelyingParty },
  { owner, known, response }: { owner: string; known: Passkey[]; response: string | undefined },
): Promise<{ id: string; counter: number } | undefined> => {
  const given = parse<AuthenticationResponseJSON>(response);
  const passkey = known.find(({ credentialId }) => credentialId === given?.id);
  if (given === undefined || passkey === undefined) return undefined;
  const { credentialId, publicKey, counter, transports } = passkey;
  const answer = await verifyAuthenticationResponse({
    response: given,
    expectedChallenge: isChallengeFor(secrets, `use ${owner}`),
    expectedOrigin: relyingParty.origin,
    expectedRPID: relyingParty.id,
    credential: {
      id: credentialId,
      publicKey: Uint8Array.from(publicKey),
      counter,
      transports: transportsOf(transports),
    },
    requireUserVerification: true,
  }).catch(() => undefined);
  return answer?.verified ? { id: passkey.id, counter: answer.authenticationInfo.newCounter } : undefined;
};
