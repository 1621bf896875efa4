import assert from 'node:assert/strict';
import { today } from '#hub/platform/vietnamese/today.ts';
import { csrfOf, type Desk, startDesk } from '#tests/signing-desk/start-desk.ts';
import type { Person } from '#tests/sso/start-sign-on.ts';

describe('The signing desk, delegation', () => {
  let desk: Desk;
  let leader: Person;
  let deputy: Person;
  before(async () => {
    desk = await startDesk();
    leader = await desk.signOn.hire('Nguyễn Văn Bình');
    deputy = await desk.signOn.hire('Hoàng Thị Phượng');
  });
  after(() => desk.stop());

  const url = () => desk.at('/signing/delegations');

  it('finds somebody by name, lets them sign for a while, and ends that', async () => {
    const browse = await desk.browserOf(leader);
    const found = await browse.open(`${url()}?q=hoang thi phuong`);
    assert.match(found.text, new RegExp(`value="${deputy.id}"`));
    const send = (fields: object) =>
      browse.open(url(), {
        method: 'POST',
        body: new URLSearchParams({ csrf: csrfOf(found), q: 'phượng', to: deputy.id, ...fields }),
      });
    for (const period of [
      { from: '2026-13-01', until: '' },
      { from: '2026-02-02', until: '2026-02-01' },
      { from: '2020-01-01', until: '2020-01-02' },
    ]) {
      const refused = await send(period);
      assert.equal(refused.status, 422);
      assert.match(refused.text, /Khoảng thời gian không hợp lệ/);
    }
    assert.equal(desk.signing.delegations.length, 0);
    const listed = await send({ from: today(), until: '2999-12-31' });
    assert.match(listed.text, /Hoàng Thị Phượng[\s\S]*đang có hiệu lực/);
    const theirs = await (await desk.browserOf(deputy)).open(url());
    assert.match(theirs.text, /Tôi ký thay[\s\S]*Nguyễn Văn Bình/);
    assert.match((await browse.submit(listed, {})).text, /đã thu hồi/);
    assert.equal(desk.signing.delegations[0]!.ended, true);
  });

  it('is limited to apps, kinds of document, levels and a number a day, and says so', async () => {
    await desk.signOn.app('office');
    const browse = await desk.browserOf(leader);
    const found = await browse.open(`${url()}?q=hoang thi phuong`);
    const send = (fields: Record<string, string>, more: [string, string][] = []) => {
      const body = new URLSearchParams({ csrf: csrfOf(found), q: 'phượng', to: deputy.id, ...fields });
      for (const [name, value] of more) body.append(name, value);
      return browse.open(url(), { method: 'POST', body });
    };
    const period = { from: today(), until: today() };
    for (const wrong of ['0', '-1', '1,5', '1000000']) {
      const refused = await send({ ...period, 'per-day': wrong });
      assert.equal(refused.status, 422, wrong);
      assert.match(refused.text, /Giới hạn không hợp lệ/);
    }
    const listed = await send({ ...period, 'per-day': '2', types: 'Công văn, Giấy mời,công văn,' }, [
      ['app', 'office'],
      ['app', 'unknown'],
      ['level', 'B-B'],
      ['level', 'B-T'],
      ['level', 'X'],
    ]);
    const [kept] = desk.signing.delegations;
    assert.deepEqual(kept!.limits, {
      ...{ appIds: ['office'], levels: ['B-B', 'B-T'], perDay: 2 },
      documentTypes: ['Công văn', 'Giấy mời'],
    });
    assert.match(listed.text, /Chỉ văn bản gửi từ: Ứng dụng office/);
    assert.match(listed.text, /Nhiều nhất 2 văn bản một ngày \(hôm nay đã 0\)/);
    kept!.usedToday = 2;
    const theirs = await (await desk.browserOf(deputy)).open(url());
    assert.match(theirs.text, /Chỉ loại văn bản: Công văn, Giấy mời/);
    assert.match(theirs.text, /đã quyết định thay đủ số văn bản/);
  });

  it('that is used up is told where a document is opened, and one that was never theirs is not', async () => {
    const browse = await desk.browserOf(deputy);
    const stepId = desk.signing.ask(leader.id, { documentType: 'Quyết định' });
    const page = () => browse.open(desk.at(`/signing/documents/${stepId}`));
    assert.match((await page()).text, /không còn chờ bạn ký/);
    desk.signing.usedUp.add(deputy.id);
    const told = await page();
    assert.equal(told.status, 409);
    assert.match(told.text, /đủ số văn bản được ủy quyền/);
    const own = await (await desk.browserOf(leader)).open(desk.at(`/signing/documents/${stepId}`));
    assert.match(own.text, /Loại văn bản<\/dt><dd>Quyết định/);
  });

  it('of somebody else cannot be ended', async () => {
    const id = '0b5e4d8a-6f7c-4d2e-9a51-000000000001';
    const period = { from: today(), until: today(), limits: {}, ended: false, usedToday: 0 };
    desk.signing.delegations.push({ id, staffId: leader.id, toStaffId: deputy.id, ...period });
    const browse = await desk.browserOf(deputy);
    const csrf = csrfOf(await browse.open(`${url()}?q=Nguyễn Văn Bình`));
    const body = new URLSearchParams({ csrf });
    assert.equal((await browse.open(`${url()}/${id}/end`, { method: 'POST', body })).status, 404);
    assert.equal(desk.signing.delegations.at(-1)!.ended, false);
  });
});
