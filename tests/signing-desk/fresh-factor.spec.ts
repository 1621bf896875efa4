import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { rightPin } from '#tests/signing-desk/play-signing.ts';
import { csrfOf, type Desk, startDesk } from '#tests/signing-desk/start-desk.ts';
import { codeOf, internet, readSecret, setUpTotp, waitForNextCode } from '#tests/sso/authenticator.ts';
import { createBrowse } from '#tests/sso/browse.ts';
import { giveName } from '#tests/sso/relying-party.ts';
import type { Person } from '#tests/sso/start-sign-on.ts';

describe('A second factor for signing', () => {
  let desk: Desk;
  let leader: Person;
  before(async () => {
    desk = await startDesk();
  });
  beforeEach(async () => {
    leader = await desk.signOn.hire('Nguyễn Văn Bình');
  });
  after(() => desk.stop());

  const ask = () => desk.signing.ask(leader.id, { asks: ['pin', 'factor'] });
  const pageOf = (stepId: string) => desk.at(`/signing/documents/${stepId}`);
  const stepUpOf = ({ text }: { text: string }) =>
    desk.at(/href="(\/sso\/my\/open[^"]+)"/.exec(text)![1]!.replaceAll('&amp;', '&'));
  const age = (minutes: number) =>
    sql`update sign_in_session set factor_at = factor_at - ${minutes} * interval '1 minute'
      where staff_id = ${leader.id}`.execute(desk.signOn.hub.db);

  it('is asked for alone, without the password, and counts for nine minutes, less than the key service takes it for', async () => {
    const browse = createBrowse();
    await giveName(browse, await browse.open(desk.at('/')), leader);
    const { secret } = await setUpTotp(desk.signOn, browse, leader);
    const stepId = ask();
    const before = await browse.open(pageOf(stepId));
    assert.doesNotMatch(before.text, /name="pin"/);
    const code = await browse.open(stepUpOf(before));
    assert.match(code.url, /\/sso\/interaction\//);
    assert.doesNotMatch(code.text, /name="password"/);
    assert.match((await browse.submit(code, { code: '000000' })).text, /role="alert"/);
    const back = await browse.submit(code, { code: codeOf(secret) });
    assert.equal(back.url, pageOf(stepId));
    const done = await browse.submit(back, { pin: rightPin });
    assert.match(done.text, /Đã duyệt ký 1 văn bản/);
    assert.ok(Date.now() - Date.parse(desk.signing.seen.factorAt!) < 60_000);

    const next = ask();
    assert.match((await browse.open(pageOf(next))).text, /name="pin"/, 'nothing more for a while');
    assert.equal((await browse.open(stepUpOf(before))).url, pageOf(stepId), 'who is fresh is asked nothing');
    await age(8.9);
    assert.match((await browse.open(pageOf(next))).text, /name="pin"/);
    await age(0.5);
    assert.doesNotMatch((await browse.open(pageOf(next))).text, /name="pin"/);
    await waitForNextCode(desk.signOn, leader);
    const again = await browse.submit(await browse.open(stepUpOf(await browse.open(pageOf(next)))), {
      code: codeOf(secret),
    });
    assert.equal(again.url, pageOf(next));
    assert.match(again.text, /name="pin"/);
  });

  it('that grew old while the page was open is asked for before anything is decided', async () => {
    const browse = createBrowse();
    await giveName(browse, await browse.open(desk.at('/')), leader);
    const { secret } = await setUpTotp(desk.signOn, browse, leader);
    const stepId = ask();
    const page = await browse.submit(await browse.open(stepUpOf(await browse.open(pageOf(stepId)))), {
      code: codeOf(secret),
    });
    await age(11);
    const sent = await browse.submit(page, { pin: rightPin });
    assert.match(sent.url, /\/sso\/interaction\//);
    assert.ok(desk.signing.steps.has(stepId));
    await waitForNextCode(desk.signOn, leader);
    const back = await browse.submit(sent, { code: codeOf(secret) });
    assert.match((await browse.submit(back, { pin: rightPin })).text, /Đã duyệt ký 1 văn bản/);
    // To refuse, nobody needs it.
    await age(11);
    const other = await browse.open(pageOf(ask()));
    const refused = await browse.submit(other, { decision: 'refuse', reason: 'Không', csrf: csrfOf(other) });
    assert.match(refused.text, /Đã từ chối 1 văn bản/);
  });

  it('is set up by who has none, with their password, on the way', async () => {
    const browse = await desk.browserOf(leader);
    await sql`update oidc_record set payload = jsonb_set(payload, '{loginTs}', to_jsonb((payload->>'loginTs')::int - 3600))
      where model = 'Session' and account_id = ${leader.id}`.execute(desk.signOn.hub.db);
    const stepId = ask();
    const asked = await browse.open(stepUpOf(await browse.open(pageOf(stepId))));
    assert.match(asked.text, /name="password"/);
    const add = await giveName(browse, asked, leader);
    const codes = await browse.submit(add, { code: codeOf(readSecret(add)) });
    assert.match(codes.text, /<code>/);
    const back = await browse.submit(codes, {});
    assert.equal(back.url, pageOf(stepId));
    assert.match(back.text, /name="pin"/);
  });

  it('of one session says nothing of another, and no request can ask for it in words that are none', async () => {
    const first = createBrowse();
    await giveName(first, await first.open(desk.at('/')), leader);
    const { secret } = await setUpTotp(desk.signOn, first, leader);
    const stepId = ask();
    await first.submit(await first.open(stepUpOf(await first.open(pageOf(stepId)))), {
      code: codeOf(secret),
    });
    const second = await desk.browserOf(leader);
    assert.doesNotMatch((await second.open(pageOf(stepId))).text, /name="pin"/);
    const odd = await second.open(
      desk.at('/sso/auth?client_id=lienthong&response_type=code&scope=openid&factor_max_age=soon'),
    );
    assert.doesNotMatch(odd.url, /interaction/);
  });

  it('is asked for before anything is shown to who comes from the Internet', async () => {
    const stepId = ask();
    const browse = await desk.browserOf(leader);
    const outside = async () =>
      fetch(pageOf(stepId), {
        redirect: 'manual',
        headers: {
          cookie: await browse.jar.getCookieString(desk.at('/')),
          // The specs stand on loopback, whose word is taken for where a request comes from.
          'x-forwarded-for': internet,
        },
      });
    assert.equal((await outside()).status, 303);
    const { secret } = await setUpTotp(desk.signOn, browse, leader);
    await browse.submit(await browse.open(stepUpOf(await browse.open(pageOf(stepId)))), {
      code: codeOf(secret),
    });
    assert.equal((await outside()).status, 303, 'without the right');
    await desk.signOn.hub.call('sso.set-roles', { staffId: leader.id, roles: ['internet'], actor: 'test' });
    assert.equal((await outside()).status, 200);
  });

  it('leads nowhere else afterwards', async () => {
    for (const to of ['//elsewhere.test/', 'https://elsewhere.test/', '/\\elsewhere.test']) {
      const browse = createBrowse(['http://elsewhere.test', 'https://elsewhere.test']);
      const page = await browse.open(desk.at(`/sso/my/open?factor=fresh&to=${encodeURIComponent(to)}`));
      const add = await giveName(browse, page, await desk.signOn.hire());
      const codes = await browse.submit(add, { code: codeOf(readSecret(add)) });
      assert.equal((await browse.submit(codes, {})).url, desk.at('/'), to);
    }
  });
});
