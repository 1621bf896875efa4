import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { verify } from '@node-rs/argon2';
import { sql } from 'kysely';
import PQueue from 'p-queue';
import { request } from 'undici';
import { type BenchHub, makeDataDir, removeDataDir, startBenchHub } from '#bench/support/bench-hub.ts';
import { type Figure, figure, percentile, round } from '#bench/support/figure.ts';
import {
  type BenchClient,
  giveEverybodyAPassword,
  hashes,
  hashPassword,
  makeClient,
  openSecondApp,
  password,
  ratePerSecond,
  signIn,
} from '#bench/support/sign-on-load.ts';

const cores = availableParallelism();
/** Without runners of flows: in the sandbox one takes the attendance of whoever signs in, which is another load. */
const roles = 'hub,connectors,sso';

const post = async (url: string, fields: Record<string, string>): Promise<Record<string, unknown>> => {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
  const body = (await answer.body.json()) as Record<string, unknown>;
  if (answer.statusCode !== 200) throw new Error(JSON.stringify(body));
  return body;
};

/** As many people as sign in, each of whom has signed in from there before, as on any morning. */
const people = 300;
const knownPeople = async (hub: BenchHub, client: BenchClient, all: string[]): Promise<string[]> => {
  const names = all.slice(0, people);
  await new PQueue({ concurrency: 4 }).addAll(names.map(name => () => signIn(hub.origin, client, name)));
  return names;
};

/** Sign-ins a second beside bare hashes of the same parameters a second, in turns. */
const passwordSignIns = async (
  hub: BenchHub,
  client: BenchClient,
  names: string[],
  { seconds, parameters = hashes.owasp }: { seconds: number; parameters?: typeof hashes.owasp },
) => {
  const one = await hashPassword(parameters);
  const rates = { bare: [] as number[], through: [] as number[] };
  for (let round = 0; round < 3; round++) {
    rates.bare.push(await ratePerSecond(cores, seconds, () => verify(one, password.normalize('NFC'))));
    rates.through.push(
      await ratePerSecond(8, seconds, turn => signIn(hub.origin, client, names[turn % names.length]!)),
    );
  }
  const best = (list: number[]): number => [...list].sort((a, b) => a - b)[1]!;
  return { bare: best(rates.bare), through: best(rates.through) };
};

/** The same where one hash costs what RFC 9106 recommends: a hub of its own, configured so. */
const strongSignIns = async (seconds: number): ReturnType<typeof passwordSignIns> => {
  const dataDir = makeDataDir();
  const signOn = join(dataDir, 'sign-on.json');
  const { memoryCost: argon2MemoryKiB, timeCost: argon2Passes, parallelism: argon2Lanes } = hashes.rfc9106;
  writeFileSync(signOn, JSON.stringify({ argon2MemoryKiB, argon2Passes, argon2Lanes }));
  const hub = await startBenchHub({ dataDir, staff: 300, signOn, roles });
  try {
    const all = await giveEverybodyAPassword(hub, hashes.rfc9106);
    const client = await makeClient(hub, 'strong');
    const names = await knownPeople(hub, client, all);
    return await passwordSignIns(hub, client, names, { seconds, parameters: hashes.rfc9106 });
  } finally {
    await hub.stop();
    removeDataDir(dataDir);
  }
};

/** Tokens and introspections a second, here and by the bare library, in turns. */
const programs = async (hub: BenchHub, client: BenchClient, seconds: number) => {
  const bare = fork(join(import.meta.dirname, 'support', 'bare-provider.ts'));
  const [{ origin }] = (await once(bare, 'message')) as [{ origin: string }];
  const ours = { client_id: client.clientId, client_secret: client.clientSecret };
  const theirs = { client_id: 'bench', client_secret: 'bench-secret-bench-secret-bench-secret' };
  const grant = { grant_type: 'client_credentials', scope: 'hr.read' };
  const atOnce = 16;
  const sides = {
    hub: {
      base: `${hub.origin}/sso/token`,
      who: ours,
      resource: `urn:lienthong:app:${client.clientId.split('-')[0]}`,
    },
    bare: { base: `${origin}/token`, who: theirs, resource: 'urn:app' },
  };
  const rate = { hub: { tokens: 0, looks: 0 }, bare: { tokens: 0, looks: 0 } };
  for (const name of ['bare', 'hub', 'bare', 'hub'] as const) {
    const { base, who, resource } = sides[name];
    const tokens = await ratePerSecond(atOnce, seconds, () => post(base, { ...who, ...grant }));
    const { access_token: token } = await post(base, {
      ...who,
      grant_type: 'client_credentials',
      resource,
    });
    const looks = await ratePerSecond(atOnce, seconds, () =>
      post(`${base}/introspection`, { ...who, token: String(token) }),
    );
    // The second round counts: both are warm then.
    rate[name] = { tokens, looks };
  }
  bare.disconnect();
  return rate;
};

/** A steady 50 a second into a second app: the slowest of a hundred. */
const secondApp = async (
  hub: BenchHub,
  [first, second]: [BenchClient, BenchClient],
  names: string[],
  seconds: number,
): Promise<number[]> => {
  const signedIn = [];
  for (const name of names.slice(0, 50)) signedIn.push((await signIn(hub.origin, first, name)).browser);
  const took: Promise<number>[] = [];
  const began = performance.now();
  while (performance.now() - began < seconds * 1000) {
    const due = Math.floor(((performance.now() - began) / 1000) * 50);
    while (took.length < due)
      took.push(openSecondApp(hub.origin, second, signedIn[took.length % signedIn.length]!));
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  return Promise.all(took);
};

/** Sessions of other people, as many as are wanted, with all that hangs on them. */
const fillSessions = async (hub: BenchHub, count: number, expired: boolean): Promise<void> => {
  const expiry = sql.raw(expired ? "now() - interval '1 hour'" : "now() + interval '8 hours'");
  await sql`
    insert into oidc_record (model, id_hash, payload, sealed_id, uid, account_id, expires_at)
    select 'Session', sha256(('bench' || ${expired} || n)::bytea),
      jsonb_build_object('iat', 0, 'exp', 4102444800, 'kind', 'Session', 'uid', ${String(expired)} || n,
        'accountId', gen_random_uuid(), 'loginTs', 0, 'authorizations',
        jsonb_build_object('app', jsonb_build_object('sid', md5(n::text), 'grantId', md5(n::text)))),
      decode(md5(n::text) || md5(n::text), 'hex'), ${String(expired)} || n, gen_random_uuid()::text, ${expiry}
    from generate_series(1, ${count}) n`.execute(hub.db);
  await sql`analyze oidc_record`.execute(hub.db);
};

/** What a sign-in costs a person, one after the other: the median. */
const signInMs = async (
  hub: BenchHub,
  client: BenchClient,
  names: string[],
  count: number,
): Promise<number> => {
  const took: number[] = [];
  for (let turn = 0; turn < count; turn++) {
    const began = performance.now();
    await signIn(hub.origin, client, names[turn % names.length]!);
    took.push(performance.now() - began);
  }
  return percentile(took, 50);
};

/** The sign-on under load: people, programs, second apps, and a store with many sessions. */
export const run = async (seconds: number, sessions: number): Promise<Figure[]> => {
  const strong = await strongSignIns(seconds);
  const dataDir = makeDataDir();
  const hub = await startBenchHub({ dataDir, staff: 3000, roles });
  try {
    const all = await giveEverybodyAPassword(hub);
    const [first, second] = [await makeClient(hub, 'first'), await makeClient(hub, 'second')];
    const names = await knownPeople(hub, first, all);

    const signIns = await passwordSignIns(hub, first, names, { seconds });
    const rate = await programs(hub, first, seconds);
    const opened = await secondApp(hub, [first, second], names, seconds * 2);
    const empty = await signInMs(hub, first, names, 200);
    await fillSessions(hub, sessions, false);
    const full = await signInMs(hub, first, names, 200);
    const quiet = percentile(await secondApp(hub, [first, second], names, seconds), 99);
    await fillSessions(hub, Math.min(sessions, 200_000), true);
    // The hub's own clean-up comes every minute: this takes as long.
    const tidying = percentile(await secondApp(hub, [first, second], names, 65), 99);
    const { rows } = await sql<{ left: number }>`
      select count(*) as left from oidc_record where expires_at < now() - interval '10 minutes'`.execute(
      hub.db,
    );

    const share = (ours: number, theirs: number): string =>
      `${round(ours)} / ${round(theirs)} = ${round((ours / theirs) * 100, 0)} %`;
    return [
      figure(
        "password sign-ins/s, 8 at once, against bare argon2id (OWASP's least: 19 MiB, t=2, p=1)",
        share(signIns.through, signIns.bare),
        '≥ 85 %',
        signIns.through / signIns.bare >= 0.85,
      ),
      figure(
        'password sign-ins/s, 8 at once, against bare argon2id (RFC 9106, second: 64 MiB, t=3, p=4)',
        share(strong.through, strong.bare),
        '≥ 85 %',
        strong.through / strong.bare >= 0.85,
      ),
      figure(
        'client credentials/s against the bare library in memory',
        share(rate.hub.tokens, rate.bare.tokens),
        '≥ 50 %',
        rate.hub.tokens / rate.bare.tokens >= 0.5,
      ),
      figure(
        'introspections/s against the bare library in memory',
        share(rate.hub.looks, rate.bare.looks),
        '≥ 50 %',
        rate.hub.looks / rate.bare.looks >= 0.5,
      ),
      figure(
        'into a second app at 50/s, p99',
        `${round(percentile(opened, 99))} ms`,
        '< 100 ms',
        percentile(opened, 99) < 100,
      ),
      figure(
        `a sign-in with ${sessions} stored sessions against none`,
        `${round(full)} / ${round(empty)} ms = ${round(full / empty, 2)} ×`,
        '≤ 1.2 ×',
        full / empty <= 1.2,
      ),
      figure(
        'into a second app while expired sessions are removed, p99',
        `${round(tidying)} ms against ${round(quiet)} ms (${rows[0]!.left} left)`,
        'the same',
        tidying < Math.max(100, 2 * quiet),
      ),
    ];
  } finally {
    await hub.stop();
    removeDataDir(dataDir);
  }
};
