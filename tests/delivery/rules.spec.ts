import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { afterFailure, afterSuccess, isHeld, openCircuit } from '#hub/delivery/circuit.ts';
import { faultOfUrl, readEgressPolicy } from '#hub/delivery/egress-policy.ts';
import { createPinnedLookup, notAllowed } from '#hub/delivery/pin-address.ts';
import { nextDelay, readRetryAfter, retryDelays } from '#hub/delivery/retry-schedule.ts';
import { createSigner } from '#hub/delivery/sign.ts';
import { makeSigningKey, publicKeyOf, rotateKeys, showKey } from '#hub/delivery/signing-keys.ts';

const middle = () => 0.5;

describe('Signatures of webhooks', () => {
  it('equal the test vector of Standard Webhooks', () => {
    const sign = createSigner([{ kind: 'v1', secret: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }]);
    assert.deepEqual(
      sign('msg_p5jXN8AQM9LWM0D4loKWxJek', Buffer.from('{"test": 2432232314}'), 1614265330_000),
      {
        'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        'webhook-timestamp': '1614265330',
        'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
      },
    );
  });

  it('by Ed25519 are verified by the public key that is shown', () => {
    const key = makeSigningKey('v1a');
    const header = createSigner([key])('id', Buffer.from('body'), 5000)['webhook-signature'];
    const raw = Buffer.from(publicKeyOf(key).replace('whpk_', ''), 'base64');
    assert.equal(raw.length, 32);
    const publicKey = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
      format: 'jwk',
    });
    const signature = Buffer.from(header.replace('v1a,', ''), 'base64');
    assert.ok(verify(null, Buffer.from('id.5.body'), publicKey, signature));
    assert.match(showKey(makeSigningKey('v1')), /^whsec_[\w+/]{43}=$/);
  });

  it('are those of two keys at most while one is rotated out, and of one afterwards', () => {
    const once = rotateKeys([makeSigningKey('v1')], new Date(10_000).toISOString());
    const twice = rotateKeys(once, new Date(20_000).toISOString());
    assert.equal(twice.length, 2);
    const count = (now: number) =>
      createSigner(twice)('id', Buffer.from('body'), now)['webhook-signature'].split(' ').length;
    assert.equal(count(19_000), 2);
    assert.equal(count(21_000), 1);
  });
});

describe('The schedule of webhook attempts', () => {
  it('waits longer and longer and gives up after the eighth attempt', () => {
    const waits = retryDelays.map((_, at) => nextDelay(at + 1, middle));
    assert.deepEqual(waits, [5e3, 3e5, 18e5, 72e5, 18e6, 36e6, 36e6]);
    assert.equal(nextDelay(8, middle), undefined);
    assert.equal(
      nextDelay(1, () => 0),
      4000,
    );
  });

  it('honours Retry-After in seconds and as a date, for a day at most', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    assert.equal(readRetryAfter('120', now), 120_000);
    assert.equal(readRetryAfter('Thu, 01 Jan 2026 00:10:00 GMT', now), 600_000);
    assert.equal(readRetryAfter('Thu, 01 Jan 2020 00:10:00 GMT', now), 0);
    assert.equal(readRetryAfter('999999999', now), 86_400_000);
    for (const text of [undefined, 'soon', '-5', '1e9']) assert.equal(readRetryAfter(text, now), 0, text);
    assert.equal(nextDelay(1, middle, { retryAfterMs: 60_000 }), 60_000);
  });

  it('holds a receiver after ten failures in a row, and tries it ever more seldom', () => {
    let circuit = openCircuit(0);
    for (let nr = 0; nr < 9; nr++) circuit = afterFailure(circuit, 0, () => 0);
    assert.ok(!isHeld(circuit));
    circuit = afterFailure(circuit, 0, () => 0);
    assert.ok(isHeld(circuit));
    // What was under way when it opened is no probe.
    circuit = afterFailure(circuit, 10, () => 0);
    assert.equal(circuit.probeAt, 1000);
    const waits: number[] = [];
    for (let nr = 0; nr < 8; nr++) {
      const now = circuit.probeAt;
      circuit = afterFailure(circuit, now, () => 0);
      waits.push(circuit.probeAt - now);
    }
    assert.deepEqual(waits, [2e3, 4e3, 8e3, 16e3, 32e3, 60e3, 60e3, 60e3]);
    assert.ok(!isHeld(afterSuccess()));
  });
});

describe('The egress policy', () => {
  const table: [allowed: string[], address: string, is: boolean][] = [
    [[], '8.8.8.8', true],
    [[], '2606:4700::1111', true],
    [[], '10.1.2.3', false],
    [[], '127.0.0.1', false],
    [['private'], '10.1.2.3', true],
    [['private'], '172.31.0.1', true],
    [['private'], '192.168.9.9', true],
    [['private'], '100.64.0.1', true],
    [['private'], 'fd12::1', true],
    [['private'], '127.0.0.1', false],
    [['private'], '::1', false],
    [['loopback'], '127.8.8.8', true],
    [['loopback'], '::1', true],
    [['10.1.0.0/16'], '10.1.2.3', true],
    [['10.1.0.0/16'], '10.2.2.3', false],
    [['10.1.2.3'], '10.1.2.3', true],
    [['inner.example'], '10.1.2.3', true],
    [['other.example'], '10.1.2.3', false],
    ...[
      '0.0.0.0',
      '0.1.2.3',
      '169.254.169.254',
      '169.254.1.1',
      '224.0.0.1',
      '240.0.0.1',
      '255.255.255.255',
      '::',
      '::ffff:10.0.0.1',
      '::ffff:8.8.8.8',
      '::ffff:7f00:1',
      '0:0:0:0:0:ffff:7f00:1',
      '::7f00:1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      'fe80::1',
      'fe80::1%eth0',
      'ff02::1',
      'fd00:ec2::254',
      'not an address',
      '',
    ].map((address): [string[], string, boolean] => [
      ['loopback', 'private', '0.0.0.0/0', '::/0', 'inner.example'],
      address,
      false,
    ]),
  ];
  for (const [allowed, address, is] of table)
    it(`${is ? 'lets' : 'does not let'} ${address || 'nothing'} through when it allows ${allowed.join(', ') || 'no inner network'}`, () =>
      assert.equal(readEgressPolicy(allowed).allows(address, 'inner.example'), is));

  it('refuses a setting that it cannot read', () => {
    for (const entry of ['10.0.0.0/33', '10.0.0.0/x', '1.2.3', 'a b', '10.0.0.0/'])
      assert.throws(() => readEgressPolicy([entry]), { code: 'bad-configuration' }, entry);
  });

  it('refuses addresses in a URL however they are written', () => {
    const policy = readEgressPolicy(['private']);
    const faults: [string, string | undefined][] = [
      ['https://nhan.tinh.gov.vn/hook?x=1', undefined],
      ['http://10.1.2.3:9000/', undefined],
      ['ftp://nhan.tinh.gov.vn/', 'scheme-not-allowed'],
      ['file:///etc/passwd', 'scheme-not-allowed'],
      ['http://user@nhan.tinh.gov.vn/', 'credentials-in-url'],
      ['http://127.0.0.1/', 'address-not-allowed'],
      ['http://2130706433/', 'address-not-allowed'],
      ['http://0x7f.1/', 'address-not-allowed'],
      ['http://[::1]/', 'address-not-allowed'],
      ['http://[::ffff:127.0.0.1]/', 'address-not-allowed'],
      ['http://169.254.169.254/latest', 'address-not-allowed'],
      ['nonsense', 'bad-url'],
    ];
    for (const [url, fault] of faults) assert.equal(faultOfUrl(url, policy), fault, url);
  });

  it('connects only to the addresses of a name that it allows', async () => {
    const policy = readEgressPolicy([]);
    const look = (addresses: string[], all: boolean) =>
      new Promise(settle =>
        createPinnedLookup(policy, async () => addresses.map(address => ({ address, family: 4 })))(
          'a.example',
          { all },
          (error, address) => settle(error?.code ?? address),
        ),
      );
    assert.equal(await look(['127.0.0.1', '8.8.8.8'], false), '8.8.8.8');
    assert.deepEqual(await look(['127.0.0.1', '8.8.8.8'], true), [{ address: '8.8.8.8', family: 4 }]);
    assert.equal(await look(['127.0.0.1', '10.0.0.1'], true), notAllowed);
  });
});
