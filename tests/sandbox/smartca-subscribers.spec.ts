import assert from 'node:assert/strict';
import { type RunningAuthority, startAuthority } from '#sandbox/authority/start-authority.ts';
import { type RunningApp, serveApp } from '#sandbox/kit/app-server.ts';
import { certifiedBy } from '#sandbox/signing/certified-by.ts';
import { subscribe } from '#sandbox/signing/subscribe.ts';
import { basePath, createSmartca } from '#sandbox/smartca/smartca.ts';

describe('Subscribers of the played SmartCA', () => {
  const credentials = { spId: 'hub', spPassword: 'secret-of-hub' };
  let authority: RunningAuthority;
  let app: RunningApp;
  before(async () => {
    authority = await startAuthority();
    app = await serveApp(
      await createSmartca({ holders: [], credentials, authority: certifiedBy(authority, 'VNPT SmartCA') }),
    );
  });
  after(async () => {
    await app.stop();
    await authority.stop();
  });

  it('get a new key, certified by the authority that the sandbox trusts, and the old one is revoked', async () => {
    const subscriber = { userId: 'anh', name: 'Nguyễn Hoàng Ánh' };
    await subscribe(app.origin, subscriber);
    await subscribe(app.origin, subscriber);
    const answer = await fetch(`${app.origin}${basePath}/v1/credentials/get_certificate`, {
      method: 'POST',
      body: JSON.stringify({ sp_id: credentials.spId, sp_password: credentials.spPassword, user_id: 'anh' }),
    });
    const { data } = (await answer.json()) as {
      data: { user_certificates: { cert_status: string; chain_data: { ca_cert: string } }[] };
    };
    assert.deepEqual(
      data.user_certificates.map(({ cert_status }) => cert_status),
      ['Đã thu hồi', 'Đang hoạt động'],
    );
    assert.equal(data.user_certificates[1]!.chain_data.ca_cert, authority.issuing.toString('base64'));
  });
});
