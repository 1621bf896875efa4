import { say } from '#hub/platform/messages.ts';
import type { OtherWay } from '#sso/sign-in/password-step.ts';
import type { SignIn } from '#sso/sign-in/sign-in.ts';
import type { SourceRow } from '#sso/upstream/sources-store.ts';

/** A button for each older sign-on that is switched on. */
export const createOtherWays =
  (sources: () => Promise<SourceRow[]>) =>
  async ({ interaction, facts }: SignIn): Promise<OtherWay[]> =>
    (await sources())
      .filter(({ enabled, kind }) => enabled && kind === 'openid')
      .map(({ id, name }) => ({
        url: `/sso/interaction/${interaction.uid}/upstream/${id}`,
        words: say(facts.language, 'upstream.sign-in-by', { name }),
      }));
