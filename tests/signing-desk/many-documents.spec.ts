import assert from 'node:assert/strict';
import { rightPin } from '#tests/signing-desk/play-signing.ts';
import { choose, type Desk, startDesk } from '#tests/signing-desk/start-desk.ts';
import type { Browse } from '#tests/sso/browse.ts';
import type { Person } from '#tests/sso/start-sign-on.ts';

describe('The signing desk, many documents', () => {
  let desk: Desk;
  let leader: Person;
  let browse: Browse;
  before(async () => {
    desk = await startDesk();
  });
  beforeEach(async () => {
    leader = await desk.signOn.hire('Lê Văn Cường');
    browse = await desk.browserOf(leader);
  });
  after(() => desk.stop());

  const askFor = (count: number) => Array.from({ length: count }, () => desk.signing.ask(leader.id));
  const hour = 3_600_000;
  const at = (fromNow: number) => new Date(Date.now() + fromNow).toISOString();

  it('lists what waits: what, from where, by whose signature, until when', async () => {
    desk.signing.ask(leader.id, { title: 'Đã trễ', dueAt: at(-hour) });
    desk.signing.ask(leader.id, { title: 'Còn hạn', dueAt: at(hour), onBehalfOf: 'Phan Ngọc Thọ' });
    const list = (await browse.open(desk.at('/signing'))).text;
    assert.match(list, /Tất cả \(2\)/);
    assert.match(list, /Quá hạn \(1\)/);
    assert.match(list, /Ký thay Phan Ngọc Thọ/);
    assert.equal(list.match(/class="late"/g)?.length, 1);
    const late = (await browse.open(desk.at('/signing?late'))).text;
    assert.match(late, /Đã trễ/);
    assert.doesNotMatch(late, /Còn hạn/);
  });

  it('signs a hundred with one PIN, asked for once', async () => {
    const ids = askFor(100);
    const page = await choose(browse, desk.at, ids);
    assert.match(page.text, /Ký 100 văn bản/);
    const before = desk.signing.seen.calls;
    const done = await browse.submit(page, { pin: rightPin });
    assert.match(done.text, /Đã duyệt ký 100 văn bản/);
    assert.equal(desk.signing.seen.calls, before + 1);
    assert.ok(ids.every(id => !desk.signing.steps.has(id)));
    // The page of the decision, sent again: nothing is decided twice.
    assert.match((await browse.submit(page, { pin: rightPin })).text, /Đã duyệt ký 100 văn bản/);
    assert.equal(desk.signing.seen.calls, before + 1);
  });

  it('tells of each that could not be signed why, and keeps it in the list with that', async () => {
    const ids = askFor(3);
    desk.signing.broken.set(ids[1]!, 'pdf-encrypted');
    const done = await browse.submit(await choose(browse, desk.at, ids), { pin: rightPin });
    assert.match(done.text, /Đã duyệt ký 2 văn bản/);
    assert.match(done.text, /1 văn bản chưa quyết định được/);
    assert.match(done.text, /mật khẩu|mã hóa|mã hoá/);
    const list = (await browse.open(desk.at('/signing'))).text;
    assert.equal(list.match(/class="box"/g)?.length, 1);
    assert.match(list, /class="problem"/);
  });

  it('asks again when the PIN is wrong, says so once, and has decided nothing', async () => {
    const ids = askFor(5);
    const again = await browse.submit(await choose(browse, desk.at, ids), { pin: '1' });
    assert.equal(again.text.match(/mã PIN không đúng/g)?.length, 1);
    assert.ok(ids.every(id => desk.signing.steps.has(id)));
    assert.match((await browse.submit(again, { pin: rightPin })).text, /Đã duyệt ký 5 văn bản/);
  });

  it('refuses many with one reason', async () => {
    const page = await choose(browse, desk.at, askFor(2));
    const done = await browse.submit(page, { decision: 'refuse', reason: 'Trình lại sau' });
    assert.match(done.text, /Đã từ chối 2 văn bản/);
    assert.deepEqual(
      desk.signing.decided.slice(-2).map(({ reason }) => reason),
      ['Trình lại sau', 'Trình lại sau'],
    );
  });

  it('takes only what waits for this person, and at most three hundred', async () => {
    const strange = desk.signing.ask((await desk.signOn.hire()).id);
    const ids = askFor(310);
    const none = await choose(browse, desk.at, [strange, 'x']);
    assert.match(none.text, /chưa chọn văn bản nào/);
    const page = await choose(browse, desk.at, [strange, ...ids]);
    assert.match(page.text, /Ký 300 văn bản/);
    await browse.submit(page, { pin: rightPin });
    assert.ok(desk.signing.steps.has(strange));
    assert.match((await browse.open(desk.at('/signing'))).text, /Tất cả \(10\)/);
  });

  it('is counted among my apps', async () => {
    assert.match((await browse.open(desk.at('/'))).text, /href="\/signing">Ký số</);
    askFor(2);
    const apps = (await browse.open(desk.at('/'))).text;
    assert.match(apps, /<a href="\/signing">[\s\S]*?2 văn bản chờ ký/);
  });
});
