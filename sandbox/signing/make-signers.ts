import { randomInt } from 'node:crypto';
import type { SigningHolder } from '#sandbox/kit/signing-holders.ts';
import { drawHandwriting, drawSeal } from '#sandbox/signing/draw-pictures.ts';
import { preferSmartca, subscribe } from '#sandbox/signing/subscribe.ts';
import type { Call } from '#schemas/calls.ts';

/** Where certificates and time-stamps come from. */
export interface PlayedAuthority {
  authority: string;
  /** PEM. */
  root: string;
  /** The authority below the root that issues, PEM. */
  issuing: string;
  timeStampUrl: string;
}

/** Somebody who can sign at once, with what. */
export interface SandboxSigner {
  username: string;
  staffId: string;
  pin: string;
  /** Secret of their authenticator, base32 (RFC 6238). */
  totp: string;
  /** An organisation whose seal they keep. */
  unitId?: string;
  /** At the played SmartCA, which signs for them first. */
  subscriber?: SigningHolder;
}

/** What `sandbox.json` tells of signing; no `signers`: there is no token for keys on this machine. */
export type SandboxSigning = PlayedAuthority & { signers?: SandboxSigner[] };

const actor = 'sandbox';
const roles = ['leader', 'clerk', 'deputy'];
const makePin = (): string => String(randomInt(1_000_000)).padStart(6, '0');

/** A key in the token with a certificate of the played authority. */
const makeKey = async (
  call: Call,
  authority: string,
  holder: { staffId: string } | { unitId: string },
  { name, organisation, pin }: { name: string; organisation: string; pin: string },
): Promise<string> => {
  const subject = { CN: name, O: organisation, C: 'VN' };
  const { credentialId, request } = await call('key-service.create', { ...holder, subject, pin, actor });
  const purpose = 'staffId' in holder ? 'person' : 'seal';
  const answer = await fetch(`${authority}/requests?purpose=${purpose}`, {
    method: 'POST',
    headers: { 'content-type': 'application/pkcs10' },
    body: new Uint8Array(Buffer.from(request, 'base64')),
  });
  if (!answer.ok) throw new Error(`the played authority answered ${answer.status}: ${await answer.text()}`);
  const { certificate, chain } = (await answer.json()) as { certificate: string; chain: string[] };
  await call('key-service.install', { credentialId, certificate, chain, actor });
  return credentialId;
};

/**
 * Lets the sandbox's leaders and clerk sign: keys in SoftHSM, certificates of the played authority, pictures, and
 * authenticators whose secrets are told; the deputy signs with the played SmartCA first. Undefined: there is no token on this machine.
 */
export const makeSigners = async (
  call: Call,
  { authority, smartca }: PlayedAuthority & { smartca?: string | undefined },
  people: { username: string; role: string }[],
): Promise<SandboxSigner[] | undefined> => {
  const signers: SandboxSigner[] = [];
  for (const { username, role } of people.filter(one => roles.includes(one.role))) {
    const person = await call('staff.account', { username });
    if (person === undefined) continue;
    const { id: staffId, name, unitId, unitName = '' } = person;
    const pin = makePin();
    try {
      await makeKey(call, authority, { staffId }, { name, organisation: unitName, pin });
      if (role !== 'clerk') {
        await call('signing.set-image', { staffId, png: drawHandwriting().toString('base64'), actor });
      } else if (unitId !== undefined) {
        const seal = await makeKey(
          call,
          authority,
          { unitId },
          { name: unitName, organisation: unitName, pin },
        );
        await call('key-service.set-holders', { credentialId: seal, staffIds: [staffId], actor });
        await call('signing.set-image', { unitId, png: drawSeal().toString('base64'), actor });
      }
    } catch (error) {
      if ((error as { code?: string }).code === 'signing-service-unavailable') return undefined;
      throw error;
    }
    const { secret } = await call('sso.give-totp', { staffId, name: 'Điện thoại (hộp cát)', actor });
    const sealed = role === 'clerk' && unitId !== undefined ? { unitId } : {};
    const subscriber = { userId: username, name };
    const subscribes = role === 'deputy' && smartca !== undefined;
    if (subscribes) {
      await subscribe(smartca, subscriber);
      await preferSmartca(call, staffId, subscriber.userId);
    }
    signers.push({ username, staffId, pin, totp: secret, ...sealed, ...(subscribes ? { subscriber } : {}) });
  }
  return signers;
};
