import { postTimeStampTo } from '#hub/signing/post-time-stamp.ts';
import type { SigningSettings } from '#hub/signing/settings-store.ts';
import { SignatureFault } from '#signature/fault.ts';
import { requestTimeStamp } from '#signature/time-stamp/request-time-stamp.ts';

/**
 * A token of the authority that is set up, trusted by the roots that are set up.
 *
 * @throws SignatureFault `time-stamp-unavailable`, `time-stamp-refused`
 */
export const takeTimeStamp = async (
  { timeStampUrl, ...trust }: SigningSettings,
  asked: Omit<Parameters<typeof requestTimeStamp>[0], 'post' | 'trust'>,
): Promise<Buffer> => {
  if (timeStampUrl === undefined)
    throw new SignatureFault('time-stamp-unavailable', 'no time-stamp authority is set up');
  const { token } = await requestTimeStamp({
    ...asked,
    post: postTimeStampTo(timeStampUrl),
    ...(trust.roots.length === 0 ? {} : { trust }),
  });
  return token;
};
