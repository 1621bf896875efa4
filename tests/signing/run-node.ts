import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Call } from '#schemas/calls.ts';

/** A hub that signs, in a process that the spec may kill. */
export interface SigningNode {
  call: Call;
  post(path: string, body: unknown, appId: string): Promise<unknown>;
  /** The process that holds the token; undefined until something is signed. */
  tokenPid(): Promise<number | undefined>;
  /** `kill -9`, of the process that holds the token too: a library that hangs outlives its hub. */
  kill(): Promise<void>;
}

const childrenOf = async (pid: number): Promise<number[]> =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').filter(Boolean).map(Number);

export const runNode = async (given: { databaseUrl: string; dataDir: string }): Promise<SigningNode> => {
  const child = fork(join(import.meta.dirname, 'node-to-kill.ts'), [JSON.stringify(given)]);
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let last = 0;
  child.on('message', ({ id, value, error }: { id: number; value?: unknown; error?: string }) => {
    if (error === undefined) waiting.get(id)?.resolve(value);
    else waiting.get(id)?.reject(new Error(error));
    waiting.delete(id);
  });
  const started = new Promise((resolve, reject) => {
    waiting.set(0, { resolve, reject });
    child.once('exit', code => reject(new Error(`the hub ended with ${code}`)));
  });
  const order = (what: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject });
      child.send({ id, ...what });
    });
  await started;
  const tokenPid = async (): Promise<number | undefined> => {
    for (const pid of await childrenOf(child.pid!))
      if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('token-process')) return pid;
    return undefined;
  };
  return {
    call: ((name: string, params: unknown) => order({ call: { name, params } })) as Call,
    post: (path, body, appId) => order({ post: { path, body, appId } }),
    tokenPid,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const token = await tokenPid();
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      try {
        if (token !== undefined) process.kill(token, 'SIGKILL');
      } catch {
        // It had ended with its hub.
      }
    },
  };
};
