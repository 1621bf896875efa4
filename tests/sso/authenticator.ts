import { sql } from 'kysely';
import { Secret, TOTP } from 'otpauth';
import type { Browse, Visit } from '#tests/sso/browse.ts';
import type { Person, SignOn } from '#tests/sso/start-sign-on.ts';

/** Networks as requests show them: the specs stand on loopback, whose word is taken. */
export const wan = '10.1.2.3';
export const internet = '203.0.113.9';

/** The secret that a page offers. */
export const readSecret = (page: Visit): string => {
  const secret = /secret=([A-Z2-7]+)/.exec(page.text)?.[1];
  if (secret === undefined) throw new Error(`no secret on ${page.url}:\n${page.text}`);
  return secret;
};

/** The code that an authenticator app shows, `ahead` steps from now. */
export const codeOf = (secret: string, ahead = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + ahead * 30_000 });

/** As if the person had waited for the next code. */
export const waitForNextCode = async ({ hub }: SignOn, { id }: Person): Promise<void> => {
  await sql`delete from totp_step where staff_id = ${id}`.execute(hub.db);
};

export const withPassword = (browse: Browse, page: Visit, { username, password }: Person): Promise<Visit> =>
  browse.submit(page, { username, password });

export const recoveryCodesOn = (page: Visit): string[] =>
  [...page.text.matchAll(/<code>([a-z2-9]{5}-[a-z2-9]{5})<\/code>/g)].map(([, code]) => code!);

/** Gives a person an authenticator app by the page for it; ends with the recovery codes. */
export const setUpTotp = async (
  signOn: SignOn,
  browse: Browse,
  person: Person,
): Promise<{ secret: string; codes: string[] }> => {
  const start = await browse.open(`${signOn.origin}/sso/my/factors/add`);
  const page = start.text.includes('name="password"') ? await withPassword(browse, start, person) : start;
  const add = page.url.endsWith('/add') ? page : await browse.open(`${signOn.origin}/sso/my/factors/add`);
  const secret = readSecret(add);
  const done = await browse.submit(add, { code: codeOf(secret) });
  await waitForNextCode(signOn, person);
  return { secret, codes: recoveryCodesOn(done) };
};

/** The lines of the trail about a person or by them, oldest first. */
export const trailOf = async (
  { hub }: SignOn,
  { id }: Person,
): Promise<{ action: string; detail: Record<string, unknown> }[]> => {
  const { rows } = await sql<{ action: string; detail: Record<string, unknown> }>`
    select action, detail from audit where object = ${`staff/${id}`} or actor = ${`staff/${id}`}
    order by at`.execute(hub.db);
  return rows;
};
