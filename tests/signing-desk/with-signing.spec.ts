import assert from 'node:assert/strict';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { AppError } from '#hub/platform/errors.ts';
import { receiveRequest } from '#hub/signing/receive-request.ts';
import { createSigningWith } from '#hub/signing/signing.service.ts';
import createSigningDesk from '#hub/signing-desk/signing-desk.service.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { playAuthority } from '#tests/signing/played-authority.ts';
import { playKeyService } from '#tests/signing/played-key-service.ts';
import { sharedWorkers } from '#tests/signing/shared-workers.ts';
import { choose } from '#tests/signing-desk/start-desk.ts';
import { createBrowse } from '#tests/sso/browse.ts';
import { giveName } from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

describe('The signing desk before the signing part', () => {
  const authority = playAuthority();
  const keys = playKeyService(authority.root);
  const wellMade = keys.part.actions['key-service.authorise'] as (params: {
    pin: string;
  }) => Promise<unknown>;
  const keyService = {
    ...keys.part,
    actions: {
      ...keys.part.actions,
      'key-service.authorise': async (params: { pin: string }) => {
        if (params.pin === '000000') throw new AppError('wrong-pin', { left: 4 });
        return wellMade(params);
      },
    },
  };
  let signOn: SignOn;
  let leader: Person;
  before(async () => {
    signOn = await startSignOn({
      parts: [createSigningDesk, createSigningWith(sharedWorkers), () => keyService as never],
    });
    leader = await signOn.hire('Nguyễn Văn Bình');
    keys.give(leader.id, authority.issue('Nguyễn Văn Bình'));
  });
  after(async () => {
    await signOn.stop();
    authority.stop();
  });

  it('is given what waits there, with its words, and has it signed', async () => {
    await signOn.app('document-system', { name: 'Quản lý văn bản' });
    for (const n of [1, 2])
      await receiveRequest(
        { ...signOn.hub.context, workers: sharedWorkers },
        {
          input: {
            ...{ documentId: `VB-${n}`, title: `Tờ trình ${n}`, fileName: 'to-trinh.pdf' },
            steps: [{ signer: { staffId: leader.id }, level: 'B-B' }],
          },
          ...{ file: onePage(), appId: 'document-system', actor: 'client/test' },
        },
      );
    const browse = createBrowse();
    await giveName(browse, await browse.open(`${signOn.origin}/signing`), leader);
    const at = (path: string) => signOn.origin + path;
    assert.match((await browse.open(at('/'))).text, /2 văn bản chờ ký/);
    const waiting = await signOn.hub.call('signing.waiting', { staffId: leader.id });
    const page = await choose(
      browse,
      at,
      waiting.map(({ stepId }) => stepId),
    );
    assert.match(page.text, /Quản lý văn bản · VB-1 · Chữ ký của tôi/);
    const again = await browse.submit(page, { pin: '000000' });
    assert.match(again.text, /role="alert"[^>]*>[^<]*PIN[^<]*4/);
    const done = await browse.submit(again, { pin: '246810' });
    assert.match(done.text, /Đã duyệt ký 2 văn bản/);
    assert.equal(keys.seen.authorised, 1, 'one leave for both');
    await waitUntil('both are signed', () => keys.seen.signed === 2, { withinMs: 10_000 });
    assert.match((await browse.open(at('/signing'))).text, /không có văn bản nào chờ bạn ký/);
  });
});
