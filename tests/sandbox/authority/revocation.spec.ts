import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningAuthority, startAuthority } from '#sandbox/authority/start-authority.ts';
import { type Openssl, openOpenssl } from './openssl.ts';

describe('Revocation at the played authority', () => {
  let authority: RunningAuthority;
  let openssl: Openssl;
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const subject = { C: 'VN', CN: 'Nguyễn Văn Bình' };
  const issue = async (name: string): Promise<string> => {
    const der = await authority.issue({ publicKey, subject });
    openssl.writeCertificate(name, der);
    return new X509Certificate(der).serialNumber;
  };
  const spoil = async (fault: Record<string, unknown>) => {
    const answer = await fetch(`${authority.origin}/_faults`, {
      method: 'POST',
      body: JSON.stringify(fault),
    });
    assert.equal(answer.status, 200);
  };
  const fetchBytes = async (url: string, body?: Uint8Array): Promise<Buffer> => {
    const answer = await fetch(url, body === undefined ? {} : { method: 'POST', body: new Uint8Array(body) });
    assert.equal(answer.status, 200);
    return Buffer.from(await answer.arrayBuffer());
  };
  /** Asks over HTTP, and judges the answer. */
  const askStatus = (name: string, ...hash: string[]) =>
    openssl.askServer(
      ...['ocsp', '-issuer', 'issuing.pem', ...hash, '-cert', name],
      ...['-url', authority.ocspUrl, '-CAfile', 'root.pem', '-verify_other', 'issuing.pem'],
    );
  const fetchLists = async (): Promise<void> => {
    const lists: Buffer[] = [];
    for (const name of ['issuing', 'root']) {
      openssl.write('list.der', await fetchBytes(`${authority.origin}/crl/${name}.crl`));
      lists.push(openssl.run('crl', '-inform', 'DER', '-in', 'list.der'));
    }
    openssl.write('lists.pem', Buffer.concat(lists));
  };
  const verify = (name: string) =>
    openssl.ask(
      ...['verify', '-crl_check_all', '-CRLfile', 'lists.pem'],
      ...['-CAfile', 'root.pem', '-untrusted', 'issuing.pem', name],
    );

  beforeEach(async () => {
    openssl = openOpenssl();
    authority = await startAuthority();
    openssl.writeCertificate('root.pem', authority.root);
    openssl.writeCertificate('issuing.pem', authority.issuing);
  });
  afterEach(async () => {
    await authority.stop();
    openssl.close();
  });

  it('is told by the lists of both authorities', async () => {
    const serial = await issue('bad.pem');
    await issue('good.pem');
    await fetchLists();
    assert.ok(verify('bad.pem').ok);
    authority.revoke(serial, 'keyCompromise');
    await fetchLists();
    assert.ok(verify('good.pem').ok);
    assert.match(verify('bad.pem').text, /certificate revoked/);
    authority.revoke(new X509Certificate(authority.issuing).serialNumber, 'cACompromise');
    await fetchLists();
    assert.match(verify('good.pem').text, /error 23 at 1 depth lookup: certificate revoked/);
  });

  it('is told by the responder: good, revoked since when and why, unknown', async () => {
    const serial = await issue('one.pem');
    for (const hash of [[], ['-sha256']])
      assert.match(await askStatus('one.pem', ...hash), /^Response verify OK\none.pem: good\n/);
    authority.revoke(serial.toLowerCase(), 'superseded', new Date('2026-03-01T00:00:00Z'));
    assert.match(
      await askStatus('one.pem'),
      /one.pem: revoked[\s\S]*Reason: superseded\n\tRevocation Time: Mar {2}1 00:00:00 2026 GMT/,
    );
    openssl.writeCertificate('other.pem', authority.root);
    assert.match(await askStatus('other.pem'), /other.pem: unknown/);
  });

  it('can be asked by GET, and made over HTTP', async () => {
    const serial = await issue('one.pem');
    const answer = await fetch(`${authority.origin}/revocations`, {
      method: 'POST',
      body: JSON.stringify({ serial }),
    });
    assert.equal(answer.status, 200);
    openssl.run('ocsp', '-issuer', 'issuing.pem', '-cert', 'one.pem', '-reqout', 'ask.der', '-no_nonce');
    const asked = readFileSync(join(openssl.folder, 'ask.der')).toString('base64');
    openssl.write('answer.der', await fetchBytes(`${authority.ocspUrl}/${encodeURIComponent(asked)}`));
    const { text } = openssl.ask('ocsp', '-respin', 'answer.der', '-noverify', '-resp_text');
    assert.match(text, /Cert Status: revoked/);
    assert.doesNotMatch(text, /Nonce/);
    assert.throws(() => authority.revoke('0102'), RangeError);
  });

  it('is answered wrongly when it is told to', async () => {
    authority.revoke(await issue('one.pem'));
    await spoil({ mode: 'wrong-nonce', path: '/ocsp' });
    assert.match(await askStatus('one.pem'), /Nonce Verify error/);
    await spoil({ mode: 'refused' });
    assert.match(await askStatus('one.pem'), /trylater \(3\)/);
    await spoil({ mode: 'stale' });
    assert.match(await askStatus('one.pem'), /Status times invalid/);
    await fetchLists();
    assert.match(verify('one.pem').text, /CRL has expired/);
    await spoil({ mode: 'forged' });
    assert.match(await askStatus('one.pem'), /Response Verify Failure[\s\S]*one.pem: good/);
    await spoil({ mode: 'error' });
    assert.equal((await fetch(authority.crlUrl)).status, 500);
    await spoil({ mode: 'down', path: '/ocsp' });
    await assert.rejects(fetch(authority.ocspUrl, { method: 'POST', body: 'x' }));
    assert.equal((await fetch(authority.crlUrl)).status, 200);
  });
});
