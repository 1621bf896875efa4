import { say } from '#hub/platform/messages.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { OtherWay } from '#sso/sign-in/password-step.ts';
import type { SignIn } from '#sso/sign-in/sign-in.ts';
import { readSources } from '#sso/upstream/sources-store.ts';

/** A button for each older sign-on that is switched on. */
export const createOtherWays =
  ({ db }: PartContext) =>
  async ({ interaction, facts }: SignIn): Promise<OtherWay[]> =>
    (await readSources(db))
      .filter(({ enabled, kind }) => enabled && kind === 'openid')
      .map(({ id, name }) => ({
        url: `/sso/interaction/${interaction.uid}/upstream/${id}`,
        words: say(facts.language, 'upstream.sign-in-by', { name }),
      }));
