import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningAuthority, startAuthority } from '#sandbox/authority/start-authority.ts';
import { type Openssl, openOpenssl } from './openssl.ts';

describe('Time-stamps of the played authority', () => {
  let authority: RunningAuthority;
  let openssl: Openssl;
  const spoil = async (mode: string) => {
    await fetch(`${authority.origin}/_faults`, {
      method: 'POST',
      body: JSON.stringify({ mode, path: '/tsa' }),
    });
  };
  /** Asks by openssl's request (`more`: its options) and keeps the answer as `answer.tsr`. */
  const stamp = async (...more: string[]): Promise<void> => {
    openssl.run('ts', '-query', '-data', 'paper', '-out', 'ask.tsq', ...more);
    const answer = await fetch(authority.timeStampUrl, {
      method: 'POST',
      body: new Uint8Array(readFileSync(join(openssl.folder, 'ask.tsq'))),
      headers: { 'content-type': 'application/timestamp-query' },
    });
    assert.equal(answer.headers.get('content-type'), 'application/timestamp-reply');
    openssl.write('answer.tsr', Buffer.from(await answer.arrayBuffer()));
  };
  const show = (): string => openssl.ask('ts', '-reply', '-in', 'answer.tsr', '-text').text;
  const verify = (...given: string[]) =>
    openssl.ask(
      'ts',
      '-verify',
      ...given,
      '-in',
      'answer.tsr',
      '-CAfile',
      'root.pem',
      '-untrusted',
      'chain.pem',
    );

  before(async () => {
    openssl = openOpenssl();
    authority = await startAuthority();
    openssl.writeCertificate('root.pem', authority.root);
    openssl.writeCertificate('chain.pem', authority.issuing);
    openssl.write('paper', 'Số: 12/QĐ-UBND');
  });
  after(async () => {
    await authority.stop();
    openssl.close();
  });
  afterEach(() => spoil('ok'));

  it('are good for the question and for the paper', async () => {
    await stamp('-sha256', '-cert');
    assert.deepEqual(
      verify('-queryfile', 'ask.tsq').text.match(/Verification: \w+/)?.[0],
      'Verification: OK',
    );
    assert.ok(verify('-data', 'paper').ok);
    assert.match(show(), /Accuracy: 0x01 seconds/);
    openssl.write('paper', 'Số: 13/QĐ-UBND');
    assert.equal(verify('-data', 'paper').ok, false);
  });

  it('carry the certificate only when asked, and every one has a number of its own', async () => {
    const numbers = new Set<string>();
    for (let count = 0; count < 5; count += 1) {
      await stamp('-sha256');
      numbers.add(/Serial number: (\w+)/.exec(show())![1]!);
    }
    assert.equal(numbers.size, 5);
    assert.equal(verify('-queryfile', 'ask.tsq').ok, false);
    const stamper = openssl.ask('ts', '-reply', '-in', 'answer.tsr', '-token_out', '-out', 'token.der');
    assert.ok(stamper.ok);
    const { text } = openssl.ask('pkcs7', '-inform', 'DER', '-in', 'token.der', '-print_certs', '-noout');
    assert.doesNotMatch(text, /subject/);
  });

  it('are refused for other hashes, other policies and what is no question', async () => {
    await stamp('-sha1', '-cert');
    assert.match(show(), /Status: Rejected\.[\s\S]*unrecognized or unsupported algorithm/);
    await stamp('-sha256', '-tspolicy', '1.2.3.4');
    assert.match(show(), /Status: Rejected\.[\s\S]*policy is not supported/);
    await stamp('-sha256', '-tspolicy', '1.3.6.1.4.1.32473.1.1');
    assert.match(show(), /Status: Granted\./);
    const answer = await fetch(authority.timeStampUrl, { method: 'POST', body: 'junk' });
    openssl.write('answer.tsr', Buffer.from(await answer.arrayBuffer()));
    assert.match(show(), /Status: Rejected\.[\s\S]*transaction not permitted or supported/);
  });

  it('are wrong when they are told to be', async () => {
    const faultOf = async (mode: string): Promise<string> => {
      await spoil(mode);
      await stamp('-sha256', '-cert');
      return verify('-queryfile', 'ask.tsq').text;
    };
    assert.match(await faultOf('wrong-nonce'), /nonce mismatch/);
    assert.match(await faultOf('other-imprint'), /message imprint mismatch/);
    assert.match(await faultOf('forged'), /certificate verify error/);
    await faultOf('refused');
    assert.match(show(), /Status: Rejected\.[\s\S]*system failure/);
  });
});
