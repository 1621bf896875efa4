import { KeyObject } from 'node:crypto';
import type { RunningAuthority } from '#sandbox/authority/start-authority.ts';
import { type LittleAuthority, makeKeys } from '#sandbox/kit/little-authority.ts';

/** The played authority as that of a signing service: what is signed there is trusted like everything in the sandbox. */
export const certifiedBy = (
  { issue, issuing }: Pick<RunningAuthority, 'issue' | 'issuing'>,
  organisation: string,
): LittleAuthority => ({
  certificate: issuing,
  async issue(CN, UID) {
    const keys = await makeKeys();
    const certificate = await issue({
      publicKey: KeyObject.from(keys.publicKey),
      subject: { C: 'VN', O: organisation, CN, UID },
    });
    return { keys, certificate };
  },
});
