import type { KoaContextWithOIDC } from 'oidc-provider';
import { say } from '#hub/platform/messages.ts';
import { answerError } from '#sso/pages/answer-error.ts';
import { answerPage } from '#sso/pages/answer-page.ts';
import type { ProviderDeps } from '#sso/provider/create-provider.ts';
import { factsOf } from '#sso/request-facts.ts';

const originOf = (uri: string | undefined): string[] => (uri === undefined ? [] : [new URL(uri).origin]);

/** The pages that the provider itself asks for, in our look and words. */
export const providerPages: ProviderDeps['pages'] = {
  async error(ctx, out, error) {
    const key = error.name === 'SessionNotFound' ? 'session-not-found' : out.error;
    answerError(ctx, key, { status: ctx.status, detail: out.error_description });
  },
  async signOut(ctx: KoaContextWithOIDC, form) {
    const uri = ctx.oidc.params?.post_logout_redirect_uri;
    answerPage(ctx, 'sign-out', { form }, { formTargets: originOf(uri as string | undefined) });
  },
  async signedOut(ctx) {
    answerPage(ctx, 'signed-out');
  },
  async userCode(ctx, _form, error) {
    // The library's own form has no label.
    const { session } = ctx.oidc;
    const xsrf = (session as unknown as { state: { secret: string } }).state.secret;
    const problem = error && say(factsOf(ctx.req).language, 'sso.user-code.wrong');
    answerPage(ctx, 'user-code', { action: ctx.oidc.urlFor('code_verification'), xsrf, problem });
  },
  async confirmDevice(ctx, form, userCode) {
    answerPage(ctx, 'confirm-device', { form, userCode });
  },
  async deviceDone(ctx) {
    answerPage(ctx, 'device-done');
  },
};
