import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Opening, Order, Signed, Wanted } from '#bench/support/signing-desk.ts';
import type { RunningAuthority } from '#sandbox/authority/start-authority.ts';
import { testServices } from '#tests/support/services.ts';

/** A signing desk in a process of its own. */
export interface SigningDesk {
  sign(count: number, atOnce: number, wanted?: Wanted): Promise<Signed>;
  /** The file as it is. */
  show(id: string): Promise<Buffer>;
  /** The most resident memory ever, in MB. */
  peakMemory(): number;
  /** Processor time of the process so far, seconds. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

/** Starts it: a leader with a key in SoftHSM and a certificate of the played authority. */
export const runSigningDesk = async (folder: string, authority: RunningAuthority): Promise<SigningDesk> => {
  const opening: Opening = {
    folder,
    timeStampUrl: authority.timeStampUrl,
    root: authority.root.toString('base64'),
    issuing: authority.issuing.toString('base64'),
  };
  const { databaseUrl, natsUrl } = await testServices();
  const child = fork(join(import.meta.dirname, 'signing-desk.ts'), [JSON.stringify(opening)], {
    // As `npm start` runs the hub.
    execArgv: ['--max-semi-space-size=8', '--heap-growing-percent=50'],
    env: { ...process.env, TEST_DATABASE_URL: databaseUrl, TEST_NATS_URL: natsUrl },
  });
  const ended = once(child, 'exit');
  const answer = async (): Promise<unknown> => {
    const said = await Promise.race([once(child, 'message'), ended.then(([code]) => code)]);
    if (!Array.isArray(said)) throw new Error(`the signing desk ended (${said})`);
    return (said[0] as { answer: unknown }).answer;
  };
  const order = (given: Order): Promise<unknown> => {
    child.send(given);
    return answer();
  };
  const request = Buffer.from((await answer()) as string, 'base64');
  const certificate = await authority.issue({ request, purpose: 'person' });
  await order({ do: 'install', certificate: certificate.toString('base64') });
  return {
    sign: (count, atOnce, wanted = {}) => order({ do: 'sign', count, atOnce, wanted }) as Promise<Signed>,
    show: async id => Buffer.from((await order({ do: 'show', id })) as string, 'base64'),
    peakMemory: () =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024,
    cpuSeconds() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    async stop() {
      child.disconnect();
      await ended;
    },
  };
};
