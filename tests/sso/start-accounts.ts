import { sql } from 'kysely';
import type { SignOnSettings } from '#schemas/sign-on-settings.ts';
import { type Browse, createBrowse, type Visit } from '#tests/sso/browse.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { getToken } from '#tests/support/get-token.ts';

/** A code as the API hands it out. */
export interface Made {
  code: string;
  url: string;
  expiresAt: string;
}

export interface Line {
  actor: string;
  action: string;
  detail: Record<string, unknown>;
}

/** Passwords that keep the rules for everybody in the specs. */
export const good = 'Mưa trên phố 7!';
export const other = 'Nắng ngoài sân 8?';
export const wrong = 'Sai rồi 1!';

/** Sign-on with what specs about accounts do again and again. */
export interface Accounts {
  signOn: SignOn;
  /** Codes that were handed out: none may be written down anywhere. */
  codes: string[];
  /** A browser in a network of its own. */
  browser(): Browse;
  /** Asks the API as the IT centre does, or with another token. */
  post(path: string, token?: string): Promise<Response>;
  /** Somebody without a password. */
  newcomer(name?: string, options?: { unitCode?: string; birthDate?: string }): Promise<Person>;
  activationFor(person: Person): Promise<Made>;
  activate(
    browse: Browse,
    fields: { username: string; code: string; password?: string; repeated?: string },
  ): Promise<Visit>;
  signIn(browse: Browse, username: string, password: string): Promise<Visit>;
  /** Whether name and password open "my apps", from a network where nothing was tried. */
  opens(username: string, password: string): Promise<boolean>;
  trail(person: Person): Promise<Line[]>;
  actions(person: Person): Promise<string[]>;
  stop(): Promise<void>;
}

export const isSignedIn = ({ text }: Visit): boolean => text.includes('Ứng dụng của tôi');
export const csrfOf = ({ text }: Visit): string => /name="csrf" value="([^"]*)"/.exec(text)![1]!;
/** What a page complains of. */
export const problemOf = ({ text }: Visit): string => /role="alert"[^>]*>([\s\S]*?)<form/.exec(text)![1]!;

export const startAccounts = async (settings: Partial<SignOnSettings> = {}): Promise<Accounts> => {
  const signOn = await startSignOn({ settings });
  const { hub, origin } = signOn;
  const admin = await getToken({ call: hub.call, origin }, undefined, ['admin']);
  const codes: string[] = [];
  let networks = 0;
  const accounts: Accounts = {
    signOn,
    codes,
    browser() {
      networks += 1;
      return createBrowse([], { 'x-forwarded-for': `10.77.${networks}.5` });
    },
    post: (path, token = admin) =>
      fetch(`${origin}/api/v1/staff/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      }),
    newcomer: (name, options = {}) => signOn.hire(name, { password: null, ...options }),
    async activationFor({ id }) {
      const made = (await (await accounts.post(`${id}/activation`)).json()) as Made;
      codes.push(made.code, made.code.replace('-', ''));
      return made;
    },
    activate: async (browse, fields) =>
      browse.submit(await browse.open(`${origin}/sso/activate`), {
        password: good,
        repeated: fields.password ?? good,
        ...fields,
      }),
    signIn: async (browse, username, password) =>
      browse.submit(await browse.open(origin), { username, password }),
    opens: async (username, password) =>
      isSignedIn(await accounts.signIn(accounts.browser(), username, password)),
    async trail({ id }) {
      const { rows } = await sql<Line>`
        select actor, action, detail from audit where object = ${`staff/${id}`} order by id`.execute(hub.db);
      return rows;
    },
    actions: async person => (await accounts.trail(person)).map(({ action }) => action),
    stop: () => signOn.stop(),
  };
  return accounts;
};
