import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';
import type { StartedForContract } from '#sandbox/kit/started-for-contract.ts';
import { type Ended, projectRoot, runProgram } from '#tests/connectors/run-program.ts';
import { setFault, startSandbox } from '#tests/connectors/start-sandbox.ts';

describe('npm run connector:check', () => {
  let folder: string;
  let started: StartedForContract;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lienthong-check-'));
    started = await startSandbox('operations-page');
  });
  after(async () => {
    await started.app.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const check = (settings: unknown, ...more: string[]): Promise<Ended> => {
    const file = join(folder, 'settings.json');
    writeFileSync(file, JSON.stringify(settings));
    const program = 'connectors/kit/cli/check-connector.ts';
    return runProgram([program, 'operations-page', '--settings', file, ...more], projectRoot);
  };
  const held = async (): Promise<SandboxAccount[]> =>
    (await (await fetch(`${started.app.origin}/_state/accounts`)).json()) as SandboxAccount[];

  it('says ✓ to a sound app and changes nothing in it', async () => {
    const before = await held();
    const ended = await check(started.settings);
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.match(ended.stdout, /✓ Danh sách tài khoản \/ List of accounts/);
    assert.doesNotMatch(ended.stdout, /✗/);
    assert.deepEqual(await held(), before);
    for (const { name, email } of before)
      assert.ok(!ended.stdout.includes(name) && !ended.stdout.includes(email as string));
  });

  it('proves the whole contract with --write and leaves two closed test accounts', async () => {
    const before = await held();
    const ended = await check(started.settings, '--write');
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.match(ended.stdout, /✓ Trùng tên đăng nhập/);
    const added = (await held()).filter(
      account => !before.some(one => one.externalId === account.externalId),
    );
    assert.deepEqual(
      added.map(({ code, enabled }) => [code, enabled]),
      [
        ['KIEMTRA-LT-1', false],
        ['KIEMTRA-LT-2', false],
      ],
    );
    const again = await check(started.settings, '--write');
    assert.equal(again.code, 0, again.stdout);
    assert.equal((await held()).length, before.length + 2);
  });

  it('names the setting at fault, and what settings there are', async () => {
    const ended = await check({ baseUrl: 'nonsense', apiKey: 'secret-of-mine' });
    assert.equal(ended.code, 1);
    assert.match(ended.stdout, /\/baseUrl \(Địa chỉ máy chủ\)/);
    assert.match(ended.stdout, /staffPath: .*\/api\/can-bo/);
    assert.ok(!ended.stdout.includes('secret-of-mine'));
  });

  it('says ✗ with the kit error and a hint for wrong credentials and for an app that is down', async () => {
    const wrong = await check({ ...started.settings, apiKey: 'wrong-key-wrong-key' });
    assert.equal(wrong.code, 1);
    assert.match(wrong.stdout, /✗ .*\n {4}unauthorised: .*KHONG_XAC_THUC\n {4}→ .* check the key/);
    await setFault(started.app.origin, { mode: 'down' });
    try {
      const down = await check(started.settings, '--write');
      assert.equal(down.code, 1);
      assert.match(down.stdout, /unavailable/);
    } finally {
      await setFault(started.app.origin, { mode: 'ok' });
    }
  });

  it('says what it needs when the call or a file is wrong', async () => {
    const program = 'connectors/kit/cli/check-connector.ts';
    for (const [args, words] of [
      [[], /connector:check/],
      [['--nonsense'], /connector:check/],
      [['no-such-app'], /no such folder; known are .*operations-page/],
      [['portal', '--settings', '/nowhere.json'], /nowhere\.json/],
    ] as const) {
      const ended = await runProgram([program, ...args], projectRoot);
      assert.equal(ended.code, 2, ended.stdout);
      assert.match(ended.stderr, words);
      assert.doesNotMatch(ended.stderr, /at .*:\d+:\d+/, 'no stack trace');
    }
  });
});
