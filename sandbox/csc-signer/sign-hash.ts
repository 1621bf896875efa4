import type { AppAnswer } from '#sandbox/kit/app-server.ts';
import { type Phone, spoilSignatures } from '#sandbox/kit/phone-questions.ts';
import type { HeldKey } from '#sandbox/kit/signing-holders.ts';
import type { Leave } from './authorize.ts';
import { invalid } from './csc-fault.ts';

const sha256Rsa = '1.2.840.113549.1.1.11';

/** `signatures/signHash`: only what the SAD was given for, and once. */
export const createSignHash =
  (sads: Map<string, Leave>, keys: HeldKey[], phone: Phone) =>
  (body: Record<string, unknown>, hashes: string[] | undefined): AppAnswer => {
    const leave = sads.get(String(body.SAD));
    const key = keys.find(one => one.id === body.credentialID && one.id === leave?.keyId);
    const isGiven = hashes?.join() === leave?.hashes.join();
    if (leave === undefined || key === undefined || hashes === undefined || !isGiven) return invalid();
    if (body.signAlgo !== sha256Rsa) return invalid();
    sads.delete(String(body.SAD));
    const signatures = hashes.map(one => key.sign(Buffer.from(one, 'base64')));
    return { json: { signatures: spoilSignatures(signatures, phone.fault()) } };
  };
