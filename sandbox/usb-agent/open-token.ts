import { KeyObject, webcrypto } from 'node:crypto';
import { CertificationRequest } from 'pkijs';
import { buildName, type Subject } from '#sandbox/authority/build-name.ts';
import type { Token } from '#sandbox/usb-agent/sign-file.ts';

const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

/** A token with a new key, and a certificate that the played authority at this address gives for it. */
export const openToken = async (authority: string, subject: Subject): Promise<Token> => {
  const keys = (await webcrypto.subtle.generateKey(
    { ...rsa, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
    true,
    ['sign', 'verify'],
  )) as webcrypto.CryptoKeyPair;
  const request = new CertificationRequest({ subject: buildName(subject) });
  await request.subjectPublicKeyInfo.importKey(keys.publicKey);
  await request.sign(keys.privateKey, 'SHA-256');
  const answer = await fetch(`${authority}/requests?purpose=person`, {
    method: 'POST',
    headers: { 'content-type': 'application/pkcs10' },
    body: request.toSchema().toBER(),
  });
  if (!answer.ok) throw new Error(`the played authority answered ${answer.status}: ${await answer.text()}`);
  const { certificate, chain } = (await answer.json()) as { certificate: string; chain: string[] };
  const der = (text: string): Buffer => Buffer.from(text, 'base64');
  return { key: KeyObject.from(keys.privateKey), certificate: der(certificate), chain: chain.map(der) };
};
