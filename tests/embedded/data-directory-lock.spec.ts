import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataDirectoryInUse, lockDataDirectory } from '#hub/platform/embedded/data-directory-lock.ts';

describe('the lock of the data directory', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lienthong-spec-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const holdElsewhere = async (dataDir: string) => {
    const text = `
      import { lockDataDirectory } from '#hub/platform/embedded/data-directory-lock.ts';
      await lockDataDirectory(${JSON.stringify(dataDir)});
      console.log('held');
      process.stdin.resume();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
      cwd: join(import.meta.dirname, '..', '..'),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return child;
  };

  it('makes the directory and can be taken again once it is released', async () => {
    const dataDir = join(folder, 'deep', 'data');
    await (await lockDataDirectory(dataDir)).release();
    await (await lockDataDirectory(dataDir)).release();
  });

  it('refuses a second holder, in this process or by another path, and names the first', async () => {
    const lock = await lockDataDirectory(join(folder, 'data'));
    symlinkSync(join(folder, 'data'), join(folder, 'link'));
    await assert.rejects(
      lockDataDirectory(join(folder, 'link')),
      (error: Error) => error instanceof DataDirectoryInUse && error.pid === process.pid,
    );
    await lock.release();
  });

  it('is free at once when its holder is killed', async () => {
    const child = await holdElsewhere(folder);
    await assert.rejects(lockDataDirectory(folder), (error: Error) =>
      error.message.includes(`process ${child.pid}.`),
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await lockDataDirectory(folder)).release();
  });

  it('is given to one only of many who come at the same time', async () => {
    const holder = await holdElsewhere(folder);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataDirectory(folder)));
    const won = tries.filter(one => one.status === 'fulfilled');
    assert.equal(won.length, 1);
    await won[0]!.value.release();
  });
});
