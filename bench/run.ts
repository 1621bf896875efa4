import { cpus, totalmem } from 'node:os';
import { type Figure, toTable } from '#bench/support/figure.ts';

// `npm run bench` measures everything; `npm run bench -- import delay` only those; `--quick` with small numbers.

const quick = process.argv.includes('--quick');
const wanted = process.argv.slice(2).filter(argument => !argument.startsWith('--'));

const benches: Record<string, () => Promise<Figure[]>> = {
  start: async () => (await import('#bench/start.bench.ts')).run(quick ? 3000 : 30_000),
  import: async () => (await import('#bench/import.bench.ts')).run(quick ? 3000 : 30_000),
  'fan-out': async () => (await import('#bench/fan-out.bench.ts')).run(quick ? 500 : 3000),
  delay: async () => (await import('#bench/delay.bench.ts')).run(quick ? 20 : 80),
  growth: async () =>
    (await import('#bench/growth.bench.ts')).run(quick ? 10_000 : 100_000, quick ? 300 : 1500),
  events: async () => (await import('#bench/events.bench.ts')).run(quick ? 10 : 60, quick ? 5000 : 100_000),
  'sign-on': async () =>
    (await import('#bench/sign-on.bench.ts')).run(quick ? 3 : 10, quick ? 100_000 : 1_000_000),
  signing: async () =>
    (await import('#bench/signing.bench.ts')).run(quick ? 300 : 1500, quick ? 2000 : 10_000),
  flows: async () => (await import('#bench/flows.bench.ts')).run(quick ? 500 : 3000),
};

const figures: Figure[] = [];
for (const [name, run] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`… ${name}`);
  const found = await run();
  console.log(toTable(found));
  figures.push(...found);
}
console.log(
  `\n${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB, node ${process.version}\n`,
);
console.log(toTable(figures));
if (figures.some(({ good }) => !good)) console.log('\nSome figures fall short of their bar.');
