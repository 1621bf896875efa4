import { randomBytes } from 'node:crypto';
import type { AppAnswer } from '#sandbox/kit/app-server.ts';
import type { Phone, PhoneQuestion } from '#sandbox/kit/phone-questions.ts';
import type { HeldKey } from '#sandbox/kit/signing-holders.ts';
import { invalid, no } from './csc-fault.ts';
import type { CscStart } from './csc-signer.ts';

/** What a SAD is good for. */
export interface Leave {
  keyId: string;
  hashes: string[];
}
const lifeSeconds = 300;

/** PIN and OTP, wherever the version puts them. */
const givenOf = (body: Record<string, unknown>): { pin?: string; otp?: string } => {
  const data = (body.authData ?? []) as { id: string; value: string }[];
  const of = (name: string) => (body[name] ?? data.find(one => one.id === name)?.value) as string | undefined;
  const [pin, otp] = [of('PIN'), of('OTP')];
  return { ...(pin === undefined ? {} : { pin }), ...(otp === undefined ? {} : { otp }) };
};

/** `credentials/authorize` and `authorizeCheck`. */
export const createAuthorize = (start: CscStart, keys: HeldKey[], phone: Phone) => {
  const sads = new Map<string, Leave>();
  const handles = new Map<string, Leave>();
  let asked = 0;

  const grant = (leave: Leave): AppAnswer => {
    const sad = randomBytes(24).toString('base64url');
    sads.set(sad, leave);
    return { json: { SAD: sad, expiresIn: lifeSeconds } };
  };
  const answerOf = (question: PhoneQuestion | undefined, leave: Leave | undefined): AppAnswer => {
    if (question === undefined || leave === undefined || question.state === 'expired') return invalid();
    if (question.state === 'refused') return no(400, 'access_denied');
    if (question.state === 'confirmed' && !(phone.fault() === 'late' && question.looks < 3))
      return grant(leave);
    return { status: 202, json: { handle: question.id } };
  };

  return {
    sads,
    asked: () => asked,
    authorize(body: Record<string, unknown>, hashes: string[] | undefined): AppAnswer {
      const key = keys.find(one => one.id === body.credentialID);
      const holder = start.holders.find(one => one.userId === key?.userId);
      const count = hashes?.length ?? 0;
      if (key === undefined || holder === undefined || hashes === undefined) return invalid();
      if (count !== body.numSignatures || count > start.multisign || phone.fault() === 'revoked')
        return invalid();
      const leave = { keyId: key.id, hashes };
      if (holder.asks === 'pin') {
        const { pin, otp } = givenOf(body);
        if (pin !== holder.pin)
          return no(400, start.version === '1' ? 'invalid_pin' : 'invalid_authentication_data');
        if (otp !== holder.otp)
          return no(400, start.version === '1' ? 'invalid_otp' : 'invalid_authentication_data');
        asked += 1;
        return grant(leave);
      }
      asked += 1;
      const id = randomBytes(16).toString('hex');
      handles.set(id, leave);
      return answerOf(phone.ask({ id, userId: key.userId, title: String(body.description ?? '') }), leave);
    },
    check: (handle: string): AppAnswer => answerOf(phone.look(handle), handles.get(handle)),
  };
};
