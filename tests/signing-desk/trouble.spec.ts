import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Detour, SigningService } from '#schemas/signing-trouble.ts';
import { rightPin } from '#tests/signing-desk/play-signing.ts';
import { choose, csrfOf, type Desk, startDesk } from '#tests/signing-desk/start-desk.ts';
import { codeOf, setUpTotp } from '#tests/sso/authenticator.ts';
import { type Browse, createBrowse } from '#tests/sso/browse.ts';
import { giveName } from '#tests/sso/relying-party.ts';
import type { Person } from '#tests/sso/start-sign-on.ts';

describe('The signing desk, a device in trouble', () => {
  let desk: Desk;
  let leader: Person;
  let browse: Browse;
  before(async () => {
    desk = await startDesk();
  });
  beforeEach(async () => {
    leader = await desk.signOn.hire('Nguyễn Văn Bình');
    browse = await desk.browserOf(leader);
    desk.signing.seen.replaced = false;
  });
  after(() => desk.stop());

  const detour: Detour = {
    ...{ kind: 'reported-broken', agreed: false },
    instead: { id: 'smartca', name: 'SmartCA' },
    to: { id: 'embedded', name: 'Dịch vụ ký số của tỉnh' },
  };
  const page = () => desk.at('/signing/trouble');
  const give = (more: Partial<SigningService> = {}) =>
    desk.signing.services.set(leader.id, [
      { holder: { staffId: leader.id, name: leader.name }, service: detour.instead, detour, ...more },
    ]);
  const ticket = () => ({
    id: randomUUID(),
    kind: 'reported-broken' as const,
    openedAt: new Date().toISOString(),
  });
  const post = async (path: string, fields: Record<string, string>) =>
    browse.open(desk.at(path), {
      method: 'POST',
      body: new URLSearchParams({ csrf: csrfOf(await browse.open(page())), ...fields }),
    });

  it('asks with an approval for the signer’s word, naming both services, and signs nothing without it', async () => {
    const stepId = desk.signing.ask(leader.id, { detour });
    const shown = await browse.open(desk.at(`/signing/documents/${stepId}`));
    assert.match(shown.text, /SmartCA đã được báo hỏng hoặc mất/);
    assert.match(shown.text, /Ký bằng Dịch vụ ký số của tỉnh thay cho SmartCA/);
    assert.doesNotMatch(shown.text, /name="agree"[^>]* checked/, 'the word is theirs');
    const csrf = csrfOf(shown);
    const action = /action="(\/signing\/decisions\/[^"]+)"/.exec(shown.text)![1]!;
    const send = (fields: Record<string, string>) =>
      browse.open(desk.at(action), {
        method: 'POST',
        body: new URLSearchParams({ csrf, decision: 'approve', step: stepId, pin: rightPin, ...fields }),
      });
    const refused = await send({});
    assert.match(refused.text, /đánh dấu đồng ý ký bằng Dịch vụ ký số của tỉnh thay cho SmartCA/);
    assert.ok(desk.signing.steps.has(stepId));
    assert.match((await send({ agree: 'smartca embedded' })).text, /Đã duyệt ký 1 văn bản/);
  });

  it('asks once for many documents of the same services', async () => {
    const ids = Array.from({ length: 3 }, () => desk.signing.ask(leader.id, { detour }));
    const shown = await choose(browse, desk.at, ids);
    assert.equal(shown.text.match(/name="agree"/g)?.length, 1);
  });

  it('asks nothing more once they agreed', async () => {
    const stepId = desk.signing.ask(leader.id, { detour: { ...detour, agreed: true } });
    assert.doesNotMatch((await browse.open(desk.at(`/signing/documents/${stepId}`))).text, /name="agree"/);
  });

  it('is reported by its holder, who then agrees to another service, until the new one is there', async () => {
    give();
    assert.match((await browse.open(desk.at('/signing'))).text, /href="\/signing\/trouble"/);
    const reported = await post('/signing/trouble', { service: 'smartca', note: 'rơi vỡ' });
    assert.match(reported.text, /Đã ghi nhận sự cố/);
    assert.match(reported.text, /SmartCA đã được báo hỏng hoặc mất \(từ/);
    assert.equal(desk.signing.seen.note, 'rơi vỡ');
    const { id } = desk.signing.services.get(leader.id)![0]!.ticket!;
    const agreed = await post(`/signing/trouble/${id}/agree`, { agree: 'smartca embedded' });
    assert.match(agreed.text, /Đang ký tạm bằng Dịch vụ ký số của tỉnh/);
    assert.doesNotMatch(agreed.text, /name="agree"/);
    assert.match((await post(`/signing/trouble/${id}/look`, {})).text, /Chưa thấy chứng thư mới/);
    desk.signing.seen.replaced = true;
    assert.match((await post(`/signing/trouble/${id}/look`, {})).text, /phiếu sự cố đã đóng/);
  });

  it('has a certificate made for the meantime, with a fresh second factor and a PIN typed twice', async () => {
    const temporary = { ...detour, temporary: 'offered' as const };
    const { id } = ticket();
    give({ ticket: { ...ticket(), id }, detour: temporary });
    const shown = await browse.open(page());
    assert.match(shown.text, /factor=fresh/);
    assert.doesNotMatch(shown.text, /name="pin"/, 'not before the second factor');

    browse = createBrowse();
    await giveName(browse, await browse.open(desk.at('/')), leader);
    const { secret } = await setUpTotp(desk.signOn, browse, leader);
    const proof = /href="(\/sso\/my\/open[^"]+)"/.exec((await browse.open(page())).text)![1]!;
    const proven = await browse.submit(await browse.open(desk.at(proof.replaceAll('&amp;', '&'))), {
      code: codeOf(secret),
    });
    assert.match(proven.text, /name="pin"[\s\S]*name="again"/);
    const send = (pin: string, again: string) =>
      post(`/signing/trouble/${id}/agree`, { agree: 'smartca embedded', pin, again });
    assert.match((await send('975310', '975311')).text, /không giống nhau/);
    assert.match((await send('111111', '111111')).text, /quá dễ đoán/);
    assert.match((await send('975310', '975310')).text, /Chứng thư tạm thời đang chờ Trung tâm CNTT cấp/);
    assert.equal(desk.signing.seen.pin, '975310');

    const stepId = desk.signing.ask(leader.id, {
      detour: { ...temporary, temporary: 'requested' },
      asks: [],
    });
    const document = await browse.open(desk.at(`/signing/documents/${stepId}`));
    assert.match(document.text, /đang chờ Trung tâm CNTT cấp[\s\S]*href="\/signing\/trouble"/);
    assert.doesNotMatch(document.text, /value="approve"/, 'there is nothing to approve with yet');
  });
});
