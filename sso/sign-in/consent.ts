import { say } from '#hub/platform/messages.ts';
import { seeOther } from '#sso/pages/see-other.ts';
import { personScopes } from '#sso/provider/client-metadata.ts';
import { keepResult } from '#sso/sign-in/keep-result.ts';
import type { Interaction, SignIn } from '#sso/sign-in/sign-in.ts';

const wantedScopes = ({ params }: Interaction): string[] => {
  const asked = String(params.scope ?? '').split(' ');
  return personScopes.filter(scope => asked.includes(scope));
};

/** Scopes of APIs, by resource, that were not agreed to yet. */
const wantedOfApis = ({ prompt }: Interaction): [string, string[]][] =>
  Object.entries((prompt.details.missingResourceScopes ?? {}) as Record<string, string[]>);

/** Asks whether somebody else's software may know the person; the province's own is never asked for. */
export const showConsent = ({ show, interaction, facts }: SignIn): void =>
  show('consent', {
    told: [
      ...wantedScopes(interaction).map(scope => say(facts.language, `sso.consent.${scope}`)),
      ...wantedOfApis(interaction).flatMap(([, scopes]) =>
        scopes.map(scope => say(facts.language, 'sso.consent.api', { scope })),
      ),
    ],
  });

/** Grants exactly what was shown, or ends the request with `access_denied`. */
export const answerConsent = async ({ ctx, provider, interaction }: SignIn, yes: boolean): Promise<void> => {
  const accountId = interaction.session?.accountId;
  const clientId = String(interaction.params.client_id);
  let result: Parameters<typeof keepResult>[1] = { error: 'access_denied' };
  if (yes && accountId !== undefined) {
    const existing =
      interaction.grantId === undefined ? undefined : await provider.Grant.find(interaction.grantId);
    const grant = existing ?? new provider.Grant({ accountId, clientId });
    // The provider takes the API's scopes for its own as well, and would ask for them for ever; only `addResourceScope`
    // gives a right.
    grant.addOIDCScope(String(interaction.params.scope ?? ''));
    for (const [resource, scopes] of wantedOfApis(interaction))
      grant.addResourceScope(resource, scopes.join(' '));
    result = { consent: { grantId: await grant.save() } };
  }
  const returnTo = await keepResult(interaction, result);
  seeOther(ctx, returnTo);
};
