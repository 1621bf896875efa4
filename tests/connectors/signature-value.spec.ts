import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { createSameTransaction } from '#connectors/kit/same-transaction.ts';
import { certificateBase64, ecdsaInDer, oneForEach, plainBase64 } from '#connectors/kit/signature-value.ts';

describe('What signing services answer', () => {
  it('is taken with line breaks and in URL letters, and refused when it is no base64', () => {
    assert.equal(plainBase64('-_8A\r\n'), '+/8A');
    assert.equal(certificateBase64('-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n'), 'AQID');
    assert.throws(() => plainBase64('<html>'), ConnectorError);
    assert.throws(() => oneForEach(['a', 'b'], 1), ConnectorError);
  });

  it('holds for ECDSA told as r and s, whatever zeros they begin with, and for DER', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const data = Buffer.from('Công văn');
    // Enough to meet integers that need a zero before them, and ones that are short.
    for (let round = 0; round < 600; round += 1) {
      const raw = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      const der = Buffer.from(ecdsaInDer(raw.toString('base64')), 'base64');
      assert.ok(verify('sha256', data, publicKey, der));
    }
    const der = sign('sha256', data, privateKey).toString('base64');
    assert.equal(ecdsaInDer(der), der);
  });
});

describe('The same transaction', () => {
  const answer = (session: string, until: number) => ({ session, until });

  it('is worked on once, also at the same time, until it is over', async () => {
    let now = 0;
    let calls = 0;
    const same = createSameTransaction<{ session: string; until: number }>(
      one => one.until,
      () => now,
    );
    const work = async () => answer(`s${++calls}`, now + 100);
    const both = await Promise.all([same.once('a', work), same.once('a', work)]);
    assert.deepEqual([both[0].session, both[1].session, calls], ['s1', 's1', 1]);
    assert.equal((await same.once('b', work)).session, 's2');
    now = 100;
    assert.equal((await same.once('a', work)).session, 's3');
    same.forget('a');
    assert.equal((await same.once('a', work)).session, 's4');
  });

  it('is tried again after a failure', async () => {
    const same = createSameTransaction<{ session: string; until: number }>(one => one.until);
    await assert.rejects(same.once('a', () => Promise.reject(new Error('no'))));
    const later = Date.now() + 10_000;
    assert.equal((await same.once('a', async () => answer('s', later))).session, 's');
  });
});
