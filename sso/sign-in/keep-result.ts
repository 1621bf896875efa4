import type Provider from 'oidc-provider';
import type { Interaction } from '#sso/sign-in/sign-in.ts';

type Result = Parameters<Provider['interactionResult']>[2];

/**
 * Keeps what became of a sign-in, beside what earlier steps have kept; answers where it goes on. As the library's
 * `interactionResult`, without reading again what this request has read: written only if the sign-in is still there.
 */
export const keepResult = async (interaction: Interaction, result: Result): Promise<string> => {
  interaction.result = 'error' in result ? result : { ...interaction.lastSubmission, ...result };
  await interaction.save(interaction.exp - Math.floor(Date.now() / 1000));
  return interaction.returnTo;
};
