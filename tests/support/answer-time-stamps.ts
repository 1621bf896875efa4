import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Made, makeCertificates } from '#tests/support/make-certificates.ts';

/** A time-stamp authority by `openssl ts`: answers requests with the certificate `by`, and sends its issuer along. */
export const answerTimeStamps =
  (made: ReturnType<typeof makeCertificates>, by: Made, issuer: Made, digests = 'sha256,sha384') =>
  async (request: Buffer): Promise<Buffer> => {
    const [query, serial, settings, answer] = ['req', 'serial', 'cnf', 'resp'].map(kind =>
      join(made.folder, `ts.${kind}`),
    ) as [string, string, string, string];
    writeFileSync(query, request);
    writeFileSync(serial, '01\n');
    writeFileSync(
      settings,
      `[tsa]\ndefault_tsa=here\n[here]\nserial=${serial}\ndefault_policy=1.2.3.4.1\nsigner_digest=sha256
digests=${digests}\naccuracy=secs:1\ness_cert_id_alg=sha256\n`,
    );
    const signer = ['-signer', by.certificateFile, '-inkey', by.keyFile, '-chain', issuer.certificateFile];
    made.openssl('ts', '-reply', '-config', settings, '-queryfile', query, ...signer, '-out', answer);
    return readFileSync(answer);
  };
