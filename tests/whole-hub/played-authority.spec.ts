import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openOpenssl } from '#tests/sandbox/authority/openssl.ts';
import { type EmbeddedHub, embeddedHub } from './embedded-hub.ts';

describe('The sandbox', function () {
  this.timeout(120_000);
  let embedded: EmbeddedHub;
  before(async () => {
    embedded = await embeddedHub();
  });

  it('has a certificate authority, whose address and root stand in sandbox.json', async () => {
    const file = JSON.parse(await readFile(join(embedded.dataDir, 'sandbox.json'), 'utf8'));
    const { authority, root, timeStampUrl } = file.signing as Record<string, string>;
    assert.equal(timeStampUrl, `${authority}/tsa`);
    const openssl = openOpenssl();
    try {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      openssl.write('own.key', privateKey.export({ type: 'pkcs8', format: 'pem' }));
      const request = openssl.run('req', '-new', '-key', 'own.key', '-subj', '/CN=A', '-outform', 'DER');
      const answer = await fetch(`${authority}/requests`, { method: 'POST', body: new Uint8Array(request) });
      const made = (await answer.json()) as { certificate: string; chain: string[] };
      const [certificate, issuing] = [made.certificate, ...made.chain].map(
        text => new X509Certificate(Buffer.from(text, 'base64')),
      );
      assert.ok(certificate!.checkPrivateKey(privateKey));
      assert.ok(certificate!.verify(issuing!.publicKey));
      assert.ok(issuing!.verify(new X509Certificate(root!).publicKey));
    } finally {
      openssl.close();
    }
    const key = await stat(join(embedded.dataDir, 'sandbox', 'authority', 'root.key.pem'));
    assert.equal(key.mode & 0o777, 0o600);
  });
});
