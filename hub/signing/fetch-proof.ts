import type { FetchProof } from '#signature/certificates/collect-revocation.ts';

/** Lists of revoked certificates of large authorities have some megabytes. */
const maxBytes = 20 * 1024 * 1024;

/** Gets revocation data and issuers at the addresses that certificates name. Throws when nothing usable comes. */
export const fetchProof: FetchProof = async (url, body) => {
  const answer = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(15_000),
    ...(body === undefined
      ? {}
      : {
          method: 'POST',
          body: new Uint8Array(body),
          headers: { 'content-type': 'application/ocsp-request' },
        }),
  });
  if (!answer.ok) throw new Error(`${answer.status}`);
  if (Number(answer.headers.get('content-length') ?? 0) > maxBytes) throw new Error('too large');
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (bytes.length > maxBytes) throw new Error('too large');
  return bytes;
};
