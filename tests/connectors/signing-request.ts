import { createHash, randomUUID, verify, X509Certificate } from 'node:crypto';
import type { SignerSubject } from '#connectors/kit/contract/signer-contract.ts';
import type { Authorisation, Credential, SignatureAnswer } from '#schemas/signer.ts';

export interface MadeRequest {
  credential: Credential;
  texts: string[];
  request: Authorisation;
}

/** A request for `count` signatures by the first key that signs. */
export const makeRequest = async (
  { signer, userId, given }: SignerSubject,
  count: number,
): Promise<MadeRequest> => {
  const [credential] = await signer.certificates({ userId });
  if (credential === undefined) throw new Error('the holder has no key');
  const texts = Array.from({ length: count }, (_, index) => `Quyết định ${index} ${randomUUID()}`);
  return {
    credential,
    texts,
    request: {
      credentialId: credential.id,
      userId,
      transactionId: randomUUID(),
      title: 'Quyết định về việc bổ nhiệm «Đặng Thị Ánh»',
      hashes: texts.map(text => createHash('sha256').update(text).digest('base64')),
      documents: texts.map((_, index) => `QĐ ${index + 1}/2026.pdf`),
      ...given,
    },
  };
};

/** Which of the signatures are those of the hash in their place. */
export const rightPlaces = ({ credential, texts }: MadeRequest, answer: SignatureAnswer): boolean[] => {
  const { publicKey } = new X509Certificate(Buffer.from(credential.certificate, 'base64'));
  const signatures = answer.state === 'signed' ? answer.signatures : [];
  return texts.map((text, at) =>
    verify('sha256', Buffer.from(text), publicKey, Buffer.from(signatures[at] ?? '', 'base64')),
  );
};
