import { hash } from '@node-rs/argon2';
import { sql } from 'kysely';
import { request } from 'undici';
import type { BenchHub } from '#bench/support/bench-hub.ts';
import {
  authorizationUrl,
  createQuickBrowser,
  csrfOf,
  type QuickBrowser,
} from '#bench/support/quick-browser.ts';

/** An app of the bench, registered as any other. */
export interface BenchClient {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
}
export const password = 'Bench-mật-khẩu-9';

/** Parameters of argon2id: OWASP's least, which are the hub's own, and the second recommended of RFC 9106 §4. */
export const hashes = {
  owasp: { memoryCost: 19_456, timeCost: 2, parallelism: 1 },
  rfc9106: { memoryCost: 65_536, timeCost: 3, parallelism: 4 },
};

export const hashPassword = (parameters: typeof hashes.owasp): Promise<string> =>
  hash(password.normalize('NFC'), parameters);

/** Gives everybody of the hub one password; answers the user names. */
export const giveEverybodyAPassword = async (hub: BenchHub, parameters = hashes.owasp): Promise<string[]> => {
  const one = await hashPassword(parameters);
  await sql`
    insert into password (staff_id, hash) select id, ${one} from staff
    on conflict (staff_id) do update set hash = excluded.hash`.execute(hub.db);
  const { rows } = await sql<{ username: string }>`
    select username from staff where status = 'active' order by username`.execute(hub.db);
  return rows.map(row => row.username);
};

const ask = async (hub: BenchHub, method: string, path: string, body: unknown): Promise<unknown> => {
  const answer = await fetch(hub.origin + path, {
    method,
    headers: { authorization: `Bearer ${await hub.token()}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};

/** Registers an app with one client for people and programs. */
export const makeClient = async (hub: BenchHub, id: string): Promise<BenchClient> => {
  const redirectUri = `http://${id}.test/callback`;
  await ask(hub, 'PUT', `/api/v1/apps/${id}`, {
    name: id,
    owner: 'bench',
    enabled: true,
    entitlement: { purpose: 'bench', attributes: ['name', 'username'] },
  });
  const made = (await ask(hub, 'POST', `/api/v1/apps/${id}/clients`, {
    scopes: ['hr.read'],
    signOn: { redirectUris: [redirectUri] },
  })) as { clientId: string; clientSecret: string };
  return { ...made, redirectUri };
};

/** Token for a code, as an app asks for it. */
export const redeem = async (
  origin: string,
  client: BenchClient,
  came: string,
  verifier: string,
): Promise<{ access_token: string }> => {
  const code = new URL(came).searchParams.get('code');
  if (code === null) throw new Error(`no code: ${came}`);
  const answer = await request(`${origin}/sso/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: client.clientId,
      client_secret: client.clientSecret,
      code,
      code_verifier: verifier,
      redirect_uri: client.redirectUri,
    }).toString(),
  });
  const granted = (await answer.body.json()) as { access_token: string };
  if (answer.statusCode !== 200) throw new Error(JSON.stringify(granted));
  return granted;
};

/** One whole sign-in: request, page, password, code, tokens. */
export const signIn = async (
  origin: string,
  client: BenchClient,
  username: string,
  browser: QuickBrowser = createQuickBrowser(origin),
): Promise<{ browser: QuickBrowser; token: string }> => {
  const { url, verifier } = authorizationUrl(origin, client);
  const page = await browser.get(url);
  const came = await browser.post(page.url, {
    step: 'password',
    csrf: csrfOf(page.page),
    username,
    password,
  });
  return { browser, token: (await redeem(origin, client, came.url, verifier)).access_token };
};

/** Into a second app with a session that there is: what a person waits for between a click and the app. */
export const openSecondApp = async (
  origin: string,
  client: BenchClient,
  browser: QuickBrowser,
): Promise<number> => {
  const began = performance.now();
  const { url, verifier } = authorizationUrl(origin, client);
  const came = await browser.get(url);
  await redeem(origin, client, came.url, verifier);
  return performance.now() - began;
};

/** Runs `work` over and over, so many at once, for so long; answers how often a second it was done. */
export const ratePerSecond = async (
  atOnce: number,
  seconds: number,
  work: (turn: number) => Promise<unknown>,
): Promise<number> => {
  let [turn, done] = [0, 0];
  const began = performance.now();
  const until = began + seconds * 1000;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < until) {
        await work(turn++);
        done += 1;
      }
    }),
  );
  return done / ((performance.now() - began) / 1000);
};
