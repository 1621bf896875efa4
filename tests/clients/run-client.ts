import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'clients');

/** How each example that can be run here is started, as its first lines say. */
export const languages = {
  typescript: {
    pull: [process.execPath, join(folder, 'typescript', 'pull-events.ts')],
    receive: () => [process.execPath, join(folder, 'typescript', 'receive-webhooks.ts')],
  },
  php: {
    pull: ['php', join(folder, 'php', 'pull-events.php')],
    receive: (port: number) => [
      'php',
      '-S',
      `127.0.0.1:${port}`,
      join(folder, 'php', 'receive-webhooks.php'),
    ],
  },
} as const;
export type Language = keyof typeof languages;

/** A folder of its own for a client: where it keeps its place and what it took. */
export const makeHome = () => {
  const path = mkdtempSync(join(tmpdir(), 'lienthong-client-'));
  const eventsFile = join(path, 'events.ndjson');
  return {
    eventsFile,
    cursorFile: join(path, 'cursor.txt'),
    /** What the client has written down; the line that it is just writing is none yet. */
    taken: (): { id: string; type: string; subject: string; data: Record<string, unknown> }[] =>
      existsSync(eventsFile)
        ? readFileSync(eventsFile, 'utf8')
            .split('\n')
            .slice(0, -1)
            .filter(line => line !== '')
            .map(line => JSON.parse(line))
        : [],
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
};

export interface RunningClient {
  child: ChildProcess;
  printed(): string;
  /** Its exit code. */
  ended: Promise<number | null>;
  kill(): Promise<void>;
}

/** Starts a real example as a process of its own. */
export const startClient = (command: readonly string[], env: Record<string, string>): RunningClient => {
  const child = spawn(command[0]!, command.slice(1), {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => {
      printed += text;
    });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    printed: () => printed,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
};

/** A webhook receiver that answers already. */
export const startReceiver = async (
  language: Language,
  { secret, eventsFile, port }: { secret: string; eventsFile: string; port?: number },
): Promise<RunningClient & { url: string }> => {
  const at = port ?? (await chooseFreePort());
  const client = startClient(languages[language].receive(at), {
    WEBHOOK_SECRET: secret,
    EVENTS_FILE: eventsFile,
    PORT: String(at),
    HOST: '127.0.0.1',
  });
  const url = `http://127.0.0.1:${at}/`;
  await waitUntil(
    'the receiver to listen',
    () =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    { withinMs: 15_000 },
  );
  return { ...client, url };
};
