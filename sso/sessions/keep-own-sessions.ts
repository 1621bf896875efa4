import { randomBytes } from 'node:crypto';
import Provider from 'oidc-provider';
import { type EndDeps, endSessions, leaveApp } from '#sso/sessions/end-sessions.ts';

/**
 * Makes the provider's sessions ours. A sign-in gets a new `uid`, so one that somebody planted in the browser before is
 * nobody's; where the library ends a session, it ends with its tokens, facts and notices in one transaction; and
 * apps are told from the notices alone, never by the library (which tries once, and waits for the answer).
 */
export const keepOwnSessions = (provider: Provider, deps: EndDeps): void => {
  const session = provider.Session.prototype;
  const { loginAccount, destroy } = session;
  session.loginAccount = function (details) {
    if (this.accountId !== details.accountId) this.uid = randomBytes(16).toString('base64url');
    loginAccount.call(this, details);
  };
  session.destroy = async function () {
    const { uid, accountId } = this;
    if (accountId !== undefined)
      await endSessions(deps, [uid], { reason: 'signed-out', actor: `staff/${accountId}` });
    await destroy.call(this);
  };
  provider.Client.prototype.backchannelLogout = async function () {
    const { session: current, params } = Provider.ctx?.oidc ?? {};
    if (current !== undefined && !params?.logout) await leaveApp(deps, current.uid, this.clientId);
  };
};
