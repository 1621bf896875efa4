import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { rightPin } from '#tests/signing-desk/play-signing.ts';
import { csrfOf, type Desk, startDesk } from '#tests/signing-desk/start-desk.ts';
import { createBrowse } from '#tests/sso/browse.ts';
import { giveName } from '#tests/sso/relying-party.ts';
import type { Person } from '#tests/sso/start-sign-on.ts';

describe('The signing desk, one document', () => {
  let desk: Desk;
  let leader: Person;
  let other: Person;
  before(async () => {
    desk = await startDesk();
    leader = await desk.signOn.hire('Nguyễn Văn Bình');
    other = await desk.signOn.hire('Trần Thị Hoà');
  });
  after(() => desk.stop());

  const pageOf = (stepId: string) => desk.at(`/signing/documents/${stepId}`);

  it('asks who comes to sign in, and takes them back to the document', async () => {
    const stepId = desk.signing.ask(leader.id);
    const browse = createBrowse();
    const page = await giveName(browse, await browse.open(pageOf(stepId)), leader);
    assert.equal(page.url, pageOf(stepId));
    assert.match(page.text, /Chữ ký của tôi/);
    assert.match(page.text, /Quản lý văn bản/);
  });

  it('shows the file itself, to be read in the page or saved', async () => {
    const stepId = desk.signing.ask(leader.id, { fileName: "Tờ trình (bản 'cuối').pdf" });
    const browse = await desk.browserOf(leader);
    const cookie = await browse.jar.getCookieString(desk.at('/'));
    const open = (query: string) => fetch(`${pageOf(stepId)}/file${query}`, { headers: { cookie } });
    const file = await open('');
    assert.equal(file.headers.get('content-type'), 'application/pdf');
    assert.match(file.headers.get('content-disposition')!, /^inline; filename\*=UTF-8''T%E1%BB%9D/);
    assert.match(file.headers.get('content-security-policy')!, /frame-ancestors 'self'/);
    assert.match(Buffer.from(await file.arrayBuffer()).toString('latin1'), /^%PDF-/);
    assert.match((await open('?download')).headers.get('content-disposition')!, /^attachment/);
  });

  it('is approved with the PIN, and leads to what came of it', async () => {
    const stepId = desk.signing.ask(leader.id);
    const browse = await desk.browserOf(leader);
    const done = await browse.submit(await browse.open(pageOf(stepId)), { pin: rightPin });
    assert.match(done.url, /\/signing\/decisions\//);
    assert.match(done.text, /Đã duyệt ký 1 văn bản/);
    assert.deepEqual(
      desk.signing.decided.filter(one => one.stepId === stepId).map(({ decision }) => decision),
      ['approve'],
    );
    assert.match((await browse.open(done.url)).text, /Đã duyệt ký 1 văn bản/, 'a reload tells the same');
  });

  it('says in words that a PIN is wrong, decides nothing, and takes the right one next', async () => {
    const stepId = desk.signing.ask(leader.id);
    const browse = await desk.browserOf(leader);
    const again = await browse.submit(await browse.open(pageOf(stepId)), { pin: '000000' });
    assert.match(again.text, /mã PIN không đúng, còn 4 lần/);
    assert.doesNotMatch(again.text, /000000/);
    assert.ok(desk.signing.steps.has(stepId));
    const { rows } = await sql`select * from signing_desk_decision`.execute(desk.signOn.hub.db);
    assert.doesNotMatch(JSON.stringify(rows), /000000/, 'a PIN is kept nowhere');
    assert.match((await browse.submit(again, { pin: rightPin })).text, /Đã duyệt ký 1 văn bản/);
    assert.ok(!desk.signing.steps.has(stepId));
  });

  it('is decided once, however often the form is sent', async () => {
    const stepId = desk.signing.ask(leader.id);
    const browse = await desk.browserOf(leader);
    const page = await browse.open(pageOf(stepId));
    const before = desk.signing.seen.calls;
    const open = desk.signing.hold();
    const first = browse.submit(page, { pin: rightPin });
    // The first of the two to take it decides; the other is shown that it is under way, or how it ended.
    const second = browse.submit(page, { pin: rightPin });
    await Promise.race([first, second]).then(early => assert.match(early.text, /đang được xử lý/));
    open();
    await Promise.all([first, second]);
    assert.match((await browse.submit(page, { pin: rightPin })).text, /Đã duyệt ký 1 văn bản/);
    assert.equal(desk.signing.seen.calls, before + 1);
  });

  it('is refused with a reason, which goes to who asked', async () => {
    const stepId = desk.signing.ask(leader.id);
    const browse = await desk.browserOf(leader);
    const page = await browse.open(pageOf(stepId));
    const done = await browse.submit(page, { decision: 'refuse', reason: 'Sai số liệu ở mục 2' });
    assert.match(done.text, /Đã từ chối 1 văn bản/);
    assert.deepEqual(desk.signing.decided.at(-1), {
      ...{ stepId, decision: 'refuse', reason: 'Sai số liệu ở mục 2' },
    });
  });

  it('asks a clerk for number and date of issue, and hands them on', async () => {
    const signer = { unitId: desk.signOn.unit['474']!, name: 'Ủy ban nhân dân tỉnh' };
    const stepId = desk.signing.ask(leader.id, { numbers: true, signer, position: 2, of: 2 });
    const browse = await desk.browserOf(leader);
    const page = await browse.open(pageOf(stepId));
    assert.match(page.text, /Con dấu của Ủy ban nhân dân tỉnh/);
    const without = await browse.submit(page, { pin: rightPin });
    assert.match(without.text, /Văn thư cần nhập số, ký hiệu/);
    const wrong = await browse.submit(without, {
      pin: '1',
      [`number-${stepId}`]: '128/QĐ-UBND',
      [`date-${stepId}`]: '2026-11-30',
    });
    assert.match(wrong.text, /value="128\/QĐ-UBND"[\s\S]*value="2026-11-30"/, 'a wrong PIN costs no typing');
    await browse.submit(wrong, {
      pin: rightPin,
      [`number-${stepId}`]: '128/QĐ-UBND',
      [`date-${stepId}`]: '2026-11-30',
    });
    const { number, date } = desk.signing.decided.find(one => one.stepId === stepId)!;
    assert.deepEqual([number, date], ['128/QĐ-UBND', '2026-11-30']);
  });

  it('counts only from a form that was drawn for this very session', async () => {
    const stepId = desk.signing.ask(leader.id);
    const browse = await desk.browserOf(leader);
    const page = await browse.open(pageOf(stepId));
    const strange = csrfOf(await (await desk.browserOf(leader)).open(pageOf(stepId)));
    for (const csrf of ['', 'x', strange]) {
      const refused = await browse.submit(page, { pin: rightPin, csrf });
      assert.equal(refused.status, 400);
      assert.match(refused.text, /chưa có gì được quyết định/);
    }
    assert.ok(desk.signing.steps.has(stepId));
    for (const path of ['/signing/chosen', '/signing/delegations']) {
      const body = new URLSearchParams({ step: stepId, to: other.id });
      assert.equal((await browse.open(desk.at(path), { method: 'POST', body })).status, 400);
    }
  });

  it('of somebody else is neither shown nor decided, nor is their decision', async () => {
    const stepId = desk.signing.ask(leader.id, { title: 'Chỉ dành cho ông Bình' });
    const mine = await desk.browserOf(leader);
    const page = await mine.open(pageOf(stepId));
    const theirs = await desk.browserOf(other);
    const list = await theirs.open(desk.at('/signing'));
    assert.doesNotMatch(list.text, /Chỉ dành cho ông Bình/);
    for (const path of ['', '/file']) {
      const refused = await theirs.open(pageOf(stepId) + path);
      assert.equal(refused.status, 409);
      assert.doesNotMatch(refused.text, /Chỉ dành cho ông Bình/);
    }
    const csrf = csrfOf(await theirs.open(pageOf(desk.signing.ask(other.id))));
    const forged = await theirs.submit(page, { csrf, pin: rightPin });
    assert.equal(forged.status, 409);
    assert.ok(desk.signing.steps.has(stepId));
    const done = await mine.submit(page, { pin: rightPin });
    assert.equal((await theirs.open(done.url)).status, 404);
  });

  it('is shown as ever when its address names a decision that cannot be one', async () => {
    const browse = await desk.browserOf(leader);
    const page = await browse.open(`${pageOf(desk.signing.ask(leader.id))}?decision=1`);
    assert.equal(page.status, 200);
    assert.match((await browse.submit(page, { pin: rightPin })).text, /Đã duyệt ký 1 văn bản/);
  });

  it('ends with the session, at once', async () => {
    const stepId = desk.signing.ask(other.id);
    const browse = await desk.browserOf(other);
    const page = await browse.open(pageOf(stepId));
    await desk.signOn.setStatus(other, 'suspended');
    const refused = await browse.submit(page, { pin: rightPin });
    assert.match(refused.url, /\/sso\/interaction\//);
    assert.ok(desk.signing.steps.has(stepId));
  });
});
