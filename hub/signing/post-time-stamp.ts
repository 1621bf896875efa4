import { SignatureFault } from '#signature/fault.ts';

const maxBytes = 64 * 1024;

/** Asks a time-stamp authority as RFC 3161 §3.4 has it: DER in, DER out. @throws SignatureFault `time-stamp-unavailable` */
export const postTimeStampTo =
  (url: string) =>
  async (request: Buffer): Promise<Buffer> => {
    const failed = (reason: string): SignatureFault => new SignatureFault('time-stamp-unavailable', reason);
    try {
      const answer = await fetch(url, {
        method: 'POST',
        body: new Uint8Array(request),
        headers: { 'content-type': 'application/timestamp-query' },
        signal: AbortSignal.timeout(10_000),
        redirect: 'error',
      });
      if (!answer.ok) throw failed(`the authority answered ${answer.status}`);
      const bytes = Buffer.from(await answer.arrayBuffer());
      if (bytes.length > maxBytes) throw failed('the answer is too large');
      return bytes;
    } catch (error) {
      throw error instanceof SignatureFault ? error : failed((error as Error).message);
    }
  };
