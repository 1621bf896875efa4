import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startWatchdog } from '#hub/platform/embedded/watchdog.ts';

describe('the watchdog', () => {
  const sleeper = () => spawn('/bin/sleep', ['600'], { detached: true, stdio: 'ignore' });

  /** A process that guards `pids` with a watchdog and waits; gives it and the watchdog's pid. */
  const startParent = async (statements: string) => {
    const text = `
      import { startWatchdog } from '#hub/platform/embedded/watchdog.ts';
      const watchdog = startWatchdog();
      ${statements}
      console.log(watchdog.pid);
      process.stdin.resume();`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', text], {
      cwd: join(import.meta.dirname, '..', '..'),
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    await once(parent.stdout, 'data');
    return parent;
  };

  it('sends each guarded process its own signal when the parent is killed, and leaves the forgotten alone', async () => {
    const [interrupted, terminated, forgotten] = [sleeper(), sleeper(), sleeper()] as const;
    const parent = await startParent(`
      watchdog.guard(${interrupted.pid}, 'SIGINT');
      watchdog.guard(${forgotten.pid}, 'SIGKILL');
      watchdog.guard(${terminated.pid}, 'SIGTERM');
      watchdog.forget(${forgotten.pid});`);
    const ends = Promise.all([once(interrupted, 'exit'), once(terminated, 'exit')]);
    parent.kill('SIGKILL');
    assert.deepEqual(await ends, [
      [null, 'SIGINT'],
      [null, 'SIGTERM'],
    ]);
    assert.equal(forgotten.signalCode, null);
    forgotten.kill('SIGKILL');
    await once(forgotten, 'exit');
  });

  it('does its work too when the terminal has interrupted the whole process group', async () => {
    const guarded = sleeper();
    const parent = await startParent(`watchdog.guard(${guarded.pid}, 'SIGTERM');`);
    const end = once(guarded, 'exit');
    process.kill(-parent.pid!, 'SIGINT');
    assert.deepEqual(await end, [null, 'SIGTERM']);
  });

  it('signals nobody when it is stopped', async () => {
    const guarded = sleeper();
    const watchdog = startWatchdog();
    watchdog.guard(guarded.pid!, 'SIGKILL');
    await watchdog.stop();
    await watchdog.stop();
    assert.throws(() => process.kill(watchdog.pid, 0), { code: 'ESRCH' });
    assert.equal(guarded.signalCode, null);
    guarded.kill('SIGKILL');
    await once(guarded, 'exit');
  });
});
