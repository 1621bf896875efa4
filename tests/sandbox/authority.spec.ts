import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningAuthority, startAuthority } from '#sandbox/authority/start-authority.ts';

describe('The played certificate authority', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-authority-'));
  const openssl = (...args: string[]): string =>
    execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const pem = (name: string, der: Uint8Array): void => {
    writeFileSync(join(folder, `${name}.der`), der);
    openssl('x509', '-inform', 'DER', '-in', `${name}.der`, '-out', `${name}.pem`);
  };
  let authority: RunningAuthority;

  before(async () => {
    authority = await startAuthority({ file: join(folder, 'authority.json') });
    pem('root', authority.root);
    pem('issuing', authority.issuing);
  });
  after(async () => {
    await authority.stop();
    rmSync(folder, { recursive: true });
  });

  it('issues certificates for signing, by way of its issuing authority, that OpenSSL trusts', async () => {
    openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-utf8',
      '-subj',
      '/C=VN/CN=Đặng Thị Huế',
      '-keyout',
      'a.key',
      '-out',
      'a.csr',
      '-outform',
      'DER',
    );
    const answer = await fetch(`${authority.origin}/requests`, {
      method: 'POST',
      body: readFileSync(join(folder, 'a.csr')),
    });
    pem('person', Buffer.from(await answer.arrayBuffer()));
    assert.match(openssl('verify', '-CAfile', 'root.pem', '-untrusted', 'issuing.pem', 'person.pem'), /OK/);
    const text = openssl('x509', '-in', 'person.pem', '-noout', '-text', '-nameopt', 'utf8');
    assert.match(text, /Digital Signature, Non Repudiation/);
    assert.match(text, /Đặng Thị Huế/);
  });

  it('stamps the time as RFC 3161 has it', async () => {
    writeFileSync(join(folder, 'data'), 'xin chào');
    openssl('ts', '-query', '-data', 'data', '-sha256', '-cert', '-out', 'q.tsq');
    const answer = await fetch(authority.timeStampUrl, {
      method: 'POST',
      body: readFileSync(join(folder, 'q.tsq')),
    });
    writeFileSync(join(folder, 'a.tsr'), Buffer.from(await answer.arrayBuffer()));
    assert.match(
      openssl('ts', '-verify', '-queryfile', 'q.tsq', '-in', 'a.tsr', '-CAfile', 'root.pem'),
      /OK/,
    );
  });

  it('is the same at its next start', async () => {
    const again = await startAuthority({ file: join(folder, 'authority.json') });
    await again.stop();
    assert.ok(again.root.equals(authority.root));
  });
});
