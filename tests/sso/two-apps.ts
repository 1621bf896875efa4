import type { Browse } from '#tests/sso/browse.ts';
import { type OpenedByOpenId, registerApp } from '#tests/sso/open-apps.ts';
import { type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

/** A sign-on with two apps, for specs about one session in both. */
export interface TwoApps {
  signOn: SignOn;
  portal: OpenedByOpenId;
  mail: OpenedByOpenId;
  isSignedIn(browse: Browse): Promise<boolean>;
}

export const startTwoApps = async (): Promise<TwoApps> => {
  const signOn = await startSignOn();
  return {
    signOn,
    portal: await registerApp(signOn, 'portal', { postLogoutRedirectUris: ['http://app.test/bye'] }),
    mail: await registerApp(signOn, 'mail'),
    isSignedIn: async browse => !(await browse.open(`${signOn.origin}/`)).text.includes('name="password"'),
  };
};
