import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { say } from '#hub/platform/messages.ts';
import type { Csrf } from '#sso/csrf.ts';
import { answerPage } from '#sso/pages/answer-page.ts';
import { personScopes } from '#sso/provider/client-metadata.ts';
import { registerOf } from '#sso/provider/find-account.ts';
import { factsOf } from '#sso/request-facts.ts';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

const wantedScopes = ({ params }: Interaction): string[] => {
  const asked = String(params.scope ?? '').split(' ');
  return personScopes.filter(scope => asked.includes(scope));
};

/** Asks whether somebody else's software may know the person; the province's own is never asked for. */
export const showConsent = async (
  ctx: Context,
  provider: Provider,
  interaction: Interaction,
  csrf: Csrf,
): Promise<void> => {
  const client = await provider.Client.find(String(interaction.params.client_id));
  const { language } = factsOf(ctx.req);
  answerPage(
    ctx,
    'consent',
    {
      appName: registerOf(client)?.app?.name ?? client?.clientId,
      told: wantedScopes(interaction).map(scope => say(language, `sso.consent.${scope}`)),
      action: `/sso/interaction/${interaction.uid}`,
      csrf: csrf.tokenFor(interaction.uid),
    },
    { formTargets: (client?.redirectUris ?? []).map(uri => new URL(uri).origin) },
  );
};

/** Grants exactly what was shown, or ends the request with `access_denied`. */
export const answerConsent = async (
  ctx: Context,
  provider: Provider,
  interaction: Interaction,
  yes: boolean,
): Promise<void> => {
  const accountId = interaction.session?.accountId;
  const clientId = String(interaction.params.client_id);
  let result: Parameters<Provider['interactionResult']>[2] = { error: 'access_denied' };
  if (yes && accountId !== undefined) {
    const existing =
      interaction.grantId === undefined ? undefined : await provider.Grant.find(interaction.grantId);
    const grant = existing ?? new provider.Grant({ accountId, clientId });
    grant.addOIDCScope(wantedScopes(interaction).join(' '));
    result = { consent: { grantId: await grant.save() } };
  }
  const returnTo = await provider.interactionResult(ctx.req, ctx.res, result);
  ctx.status = 303;
  ctx.redirect(returnTo);
};
