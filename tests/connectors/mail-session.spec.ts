import assert from 'node:assert/strict';
import { openSoapSession } from '#connectors/mail/soap-session.ts';
import { lan, type RunningMail, startMail, within } from '#tests/connectors/mail-setup.ts';

describe('official mail: tokens and faults', () => {
  let mail: RunningMail;
  const start = async (options: Parameters<typeof startMail>[0] = {}): Promise<RunningMail> => {
    mail = await startMail(options);
    return mail;
  };
  afterEach(() => mail.stop());
  const answering = (body: string, status = 200) => ({ around: async () => ({ status, body }) });
  const soap = (body: string) =>
    `<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body>${body}</soap:Body></soap:Envelope>`;
  const fault = (code: string, side = 'Sender') =>
    soap(
      `<soap:Fault><soap:Code><soap:Value>soap:${side}</soap:Value></soap:Code><soap:Reason><soap:Text>a@b.vn</soap:Text></soap:Reason><soap:Detail><Error xmlns="urn:zimbra"><Code>${code}</Code></Error></soap:Detail></soap:Fault>`,
    );

  it('signs in once for many calls at the same time', async () => {
    const { accounts, requests } = await start();
    await Promise.all(Array.from({ length: 20 }, () => accounts.get('x', within())));
    assert.equal(requests.filter(one => one === 'Auth').length, 1);
  });

  it('signs in again, once, when the server has forgotten the token', async () => {
    const { accounts, requests, act } = await start();
    await accounts.upsert(lan, within());
    await act({ action: 'expire-tokens' });
    requests.length = 0;
    const { items } = await accounts.list({ limit: 10 }, within());
    assert.equal(items.length, 1);
    assert.deepEqual(requests, ['SearchDirectory', 'Auth', 'SearchDirectory']);
  });

  it('gives up as unauthorised when a fresh token is refused as well', async () => {
    const { accounts, requests } = await start({ tokenLifetimeMs: 0 });
    await assert.rejects(accounts.get('x', within()), { code: 'unauthorised' });
    assert.equal(requests.length, 4);
  });

  it('renews the token before it ends, by the clock', async () => {
    const { settings, requests } = await start();
    let now = 0;
    const session = openSoapSession(settings, 1_000_000, () => now);
    const search = () => session.call('SearchDirectory', { limit: '1' }, '<query/>', within().signal);
    await search();
    now = 12 * 3600_000 - 61_000;
    await search();
    now = 12 * 3600_000 - 59_000;
    await search();
    assert.deepEqual(requests, ['Auth', 'SearchDirectory', 'SearchDirectory', 'Auth', 'SearchDirectory']);
  });

  it('answers unauthorised for a wrong password, on a call and on ping', async () => {
    const { accounts, instance } = await start({ settings: { adminPassword: 'sai' } });
    await assert.rejects(accounts.list({ limit: 1 }, within()), { code: 'unauthorised' });
    await assert.rejects(instance.ping(within()), {
      code: 'unauthorised',
      vendorCode: 'account.AUTH_FAILED',
    });
  });

  it('pings both the admin service and the SMTP server', async () => {
    const { instance, closeSmtp } = await start();
    await instance.ping(within());
    await closeSmtp();
    await assert.rejects(instance.ping(within()), { code: 'unavailable' });
  });

  const meanings = {
    'account.ACCOUNT_EXISTS': 'conflict',
    'account.NO_SUCH_ACCOUNT': 'not-found',
    'account.AUTH_FAILED': 'unauthorised',
    'service.PERM_DENIED': 'unauthorised',
    'account.INVALID_ATTR_VALUE': 'refused',
    'account.NO_SUCH_DOMAIN': 'refused',
    'account.MAINTENANCE_MODE': 'unavailable',
    'service.FAILURE': 'unavailable',
    'service.SOMETHING_NEW': 'refused',
    toString: 'refused',
  };
  for (const [vendorCode, code] of Object.entries(meanings))
    it(`answers ${code} for ${vendorCode}, without the fault's own text`, async () => {
      const { accounts } = await start(answering(fault(vendorCode), 500));
      await assert.rejects(accounts.list({ limit: 1 }, within()), (error: Error & { code: string }) => {
        assert.equal(error.code, code);
        assert.doesNotMatch(error.message, /@/);
        return true;
      });
    });

  it('answers unavailable for a new code that the server calls its own fault', async () => {
    const { accounts } = await start(answering(fault('service.NEW', 'Receiver'), 500));
    await assert.rejects(accounts.list({ limit: 1 }, within()), { code: 'unavailable' });
  });

  it('maps what the stand-in itself refuses', async () => {
    const { accounts, act } = await start();
    await assert.rejects(accounts.upsert({ ...lan, title: 'x'.repeat(2000) }, within()), { code: 'refused' });
    await act({ action: 'maintenance', on: true });
    await assert.rejects(accounts.upsert(lan, within()), { code: 'unavailable' });
    await act({ action: 'maintenance', on: false });
    await accounts.upsert(lan, within());
  });

  it('answers refused when the domain is not the server’s', async () => {
    const { accounts } = await start({ settings: { domain: 'example.vn' } });
    await assert.rejects(accounts.upsert(lan, within()), { code: 'refused' });
  });

  const auth = soap('<AuthResponse xmlns="urn:zimbraAdmin"><authToken>t</authToken></AuthResponse>');
  const strange: Record<string, string> = {
    'a document type': `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${auth.replace('>t<', '>&a;<')}`,
    'an HTML page with status 200': '<html><body>Đang bảo trì</body></html>',
    'XML that breaks off': auth.slice(0, -20),
    'very deep XML': soap('<a>'.repeat(500) + '</a>'.repeat(500)),
    'an answer to another question': auth.replaceAll('AuthResponse', 'PingResponse'),
    'nothing at all': '',
    'no token': soap('<AuthResponse xmlns="urn:zimbraAdmin"><lifetime>1</lifetime></AuthResponse>'),
  };
  for (const [what, body] of Object.entries(strange))
    it(`answers unexpected-answer for ${what}`, async () => {
      const { accounts } = await start(answering(body));
      await assert.rejects(accounts.list({ limit: 1 }, within()), { code: 'unexpected-answer' });
    });

  for (const [mode, code] of Object.entries({
    down: 'unavailable',
    error: 'unavailable',
    half: 'unavailable',
    hang: 'timed-out',
    busy: 'rate-limited',
    'error-page': 'unexpected-answer',
  }))
    it(`answers ${code} when the server is ${mode}`, async () => {
      const { accounts, fault: spoil } = await start();
      await spoil({ mode });
      await assert.rejects(accounts.list({ limit: 1 }, within(300)), { code });
    });

  it('lets one caller run out of time without failing those who share its sign-in', async () => {
    let hold = true;
    const { accounts } = await start({
      around: async (request, handle) => {
        if (!hold || !request.body.includes('AuthRequest')) return handle();
        hold = false;
        return new Promise(() => {});
      },
    });
    const late = assert.rejects(accounts.get('x', within(200)), { code: 'timed-out' });
    const patient = accounts.get('x', within(5000));
    await late;
    assert.equal(await patient, undefined);
  });
});
