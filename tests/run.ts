import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Counts } from '#tests/support/count-reporter.ts';
import { installTools } from '#tests/support/install-tools.ts';
import { stopTestServices, testServices } from '#tests/support/services.ts';

// What `npm test` runs: the tools, the checks, all specs. `npm test -- tests/staff` runs only those specs.

const root = join(import.meta.dirname, '..');
// Not in .mocharc.json, where mocha would add them to the files named on its command line.
const specs = (process.argv.length > 2 ? process.argv.slice(2) : ['tests']).map(path =>
  path.endsWith('.ts') ? path : `${path}/**/*.spec.ts`,
);
const children = new Set<ChildProcess>();
let interrupted: NodeJS.Signals | undefined;

const run = (command: string[], options: { env?: NodeJS.ProcessEnv; stdio?: StdioOptions }): ChildProcess => {
  const child = spawn(command[0]!, command.slice(1), {
    cwd: root,
    env: { ...process.env, ...options.env },
    // A group of its own: Ctrl-C reaches it once, through us, and mocha can end its specs in order.
    detached: true,
    stdio: options.stdio ?? ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  child.once('close', () => children.delete(child));
  return child;
};

const ended = (child: ChildProcess): Promise<number> =>
  new Promise(resolve => {
    child.once('error', error => {
      console.error(error.message);
      resolve(1);
    });
    child.once('close', code => resolve(code ?? 1));
  });

/** What prints at the same time as another: shown in one piece at its end. */
const keepFor = (child: ChildProcess): (() => void) => {
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => printed.push(data));
  return () => void process.stdout.write(Buffer.concat(printed));
};

/** One program that must say yes; what it prints is shown when it says no. */
const check = async (name: string, ...args: string[]): Promise<Counts> => {
  const child = run([join(root, 'node_modules', '.bin', name), ...args], {});
  const show = keepFor(child);
  const good = (await ended(child)) === 0;
  console.log(`${good ? '✔' : '✘'} ${name} ${args.join(' ')}`);
  if (!good) show();
  return { passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: 0 };
};

const runLane = async (files: string[], services: NodeJS.ProcessEnv, kept: boolean): Promise<Counts> => {
  const reporter = join(root, 'tests', 'support', 'count-reporter.ts');
  const child = run([process.execPath, 'node_modules/mocha/bin/mocha.js', '--reporter', reporter, ...files], {
    env: services,
    stdio: kept ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const show = kept ? keepFor(child) : undefined;
  let counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  let leftOpen = false;
  child.on('message', message => {
    counts = message as Counts;
    // All specs have ended: what still keeps the process alive is a handle that a spec forgot.
    setTimeout(() => {
      leftOpen = true;
      console.error('A spec left something open; mocha was ended.');
      child.kill('SIGKILL');
    }, 20_000).unref();
  });
  const code = await ended(child);
  show?.();
  if (leftOpen) return counts;
  // A crash, or no spec at all, is a failure too.
  if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) counts.failed = 1;
  return counts;
};

/** Specs of these folders mostly wait for processes that they started: they run beside the others. */
const waiting = /^tests\/(?:whole-hub|embedded|sandbox|flows|signing|signing-desk|key-service)\//;

const lanesOf = (): string[][] => {
  if (process.argv.length > 2) return [specs];
  const files = globSync('tests/**/*.spec.ts', { cwd: root }).sort();
  return [files.filter(file => !waiting.test(file)), files.filter(file => waiting.test(file))];
};

const runSpecs = async (): Promise<Counts[]> => {
  const { databaseUrl, natsUrl } = await testServices();
  const services = { TEST_DATABASE_URL: databaseUrl, TEST_NATS_URL: natsUrl };
  // The second lane starts servers of its own: transaction ids are one row for all databases of a server, and an open transaction of
  // one lane would hold back the event log of the other.
  const lanes = await Promise.all(
    lanesOf().map((files, lane) => runLane(files, lane === 0 ? services : {}, lane > 0)),
  );
  return lanes.length === 1 ? lanes : judgeAlone(lanes, services);
};

/**
 * Two lanes on two cores are a loaded machine: elections of a NATS cluster, say, take longer than anybody waits. What failed beside
 * others is run once more with nothing beside it, and that is what counts. It is told; a spec that needs it often wants mending.
 */
const judgeAlone = async (lanes: Counts[], services: NodeJS.ProcessEnv): Promise<Counts[]> => {
  const files = lanes.flatMap(({ failedFiles = [] }) => failedFiles);
  // A lane that crashed has not told what failed.
  if (files.length === 0 || interrupted || lanes.some(lane => lane.failed > 0 && !lane.failedFiles?.length))
    return lanes;
  console.log(
    `Failed beside others, now alone:\n${files.map(file => `  ${relative(root, file)}`).join('\n')}`,
  );
  const alone = await runLane(files, services, false);
  const failedBefore = lanes.reduce((total, { failed }) => total + failed, 0);
  return [
    ...lanes.map(lane => ({ ...lane, failed: 0 })),
    { passed: Math.max(0, failedBefore - alone.failed), failed: alone.failed, skipped: 0 },
  ];
};

const main = async (): Promise<Counts[]> => {
  const missing = installTools();
  for (const sentence of missing) console.error(sentence);
  if (missing.length > 0) return [{ passed: 0, failed: missing.length, skipped: 0 }];
  const checks = await Promise.all([check('tsc', '--noEmit'), check('biome', 'check', '.')]);
  return interrupted ? checks : [...checks, ...(await runSpecs())];
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    for (const child of children) child.kill(interrupted ? 'SIGTERM' : 'SIGINT');
    interrupted = signal;
  });

const results = await main()
  .catch((error: Error) => {
    console.error(error.message);
    return [{ passed: 0, failed: 1, skipped: 0 }];
  })
  .finally(stopTestServices);
const sum = (key: 'passed' | 'failed' | 'skipped'): number =>
  results.reduce((total, counts) => total + counts[key], 0);
const failed = sum('failed') + (interrupted ? 1 : 0);
if (interrupted) console.error(`Stopped by ${interrupted}.`);
const skipped = sum('skipped');
console.log(`${sum('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;
