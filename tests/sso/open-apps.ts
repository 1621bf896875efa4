import type { ClientSignOn } from '#schemas/sign-on.ts';
import { type Browse, createBrowse, type Visit } from '#tests/sso/browse.ts';
import { appOrigin, createRelyingParty, giveName, type RelyingParty } from '#tests/sso/relying-party.ts';
import type { Person, SignOn } from '#tests/sso/start-sign-on.ts';

/** An app that people open by OpenID. */
export interface OpenedByOpenId extends RelyingParty {
  /** Opens it in a browser, signing in when asked; the address to which it was sent back, or the page it got stuck at. */
  open(browse: Browse, person: Person): Promise<Visit>;
  /** The same, and the tokens. */
  enter(browse: Browse, person: Person): ReturnType<RelyingParty['finish']>;
}

/** A browser that says which it is. */
export const newBrowser = (): Browse =>
  createBrowse([`${appOrigin}/`], {
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  });

/** Registers an app with an OpenID client. */
export const registerApp = async (
  signOn: SignOn,
  appId: string,
  client: Partial<ClientSignOn> = {},
): Promise<OpenedByOpenId> => {
  const party = await createRelyingParty(signOn, appId, client);
  const go = async (browse: Browse, person: Person, url: string): Promise<Visit> => {
    const page = await browse.open(url);
    return page.text.includes('name="password"') ? giveName(browse, page, person) : page;
  };
  return {
    ...party,
    open: async (browse, person) => go(browse, person, (await party.begin()).url),
    async enter(browse, person) {
      const { url, verifier } = await party.begin();
      return party.finish(await go(browse, person, url), verifier);
    },
  };
};
