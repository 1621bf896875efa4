import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, figure, percentile, round } from '#bench/support/figure.ts';
import { runSigningDesk } from '#bench/support/run-signing-desk.ts';
import type { Signed } from '#bench/support/signing-desk.ts';
import { rateOfDisk, rateOfToken, ratesInMemory } from '#bench/support/signing-limits.ts';
import { startAuthority } from '#sandbox/authority/start-authority.ts';
import { verifyPdf } from '#signature/verify/verify-pdf.ts';
import { stopTestServices } from '#tests/support/services.ts';

/** Documents of one approval, as the clerk's batch has them. */
const batch = 300;

const rateOf = (count: number, { wholeMs }: Signed): number =>
  count / (wholeMs.reduce((sum, ms) => sum + ms, 0) / 1000);
const share = (a: number, b: number): string =>
  `${round(a, 0)} / ${round(b, 0)} = ${round((a / b) * 100, 0)} %`;
const ratioOf = (what: string, a: number, b: number, least: number): Figure =>
  figure(what, share(a, b), `≥ ${least * 100} %`, a / b >= least);

/** Rows of documents through the whole path against what it is made of, single ones by the clock, and verification. */
export const run = async (count: number, row: number): Promise<Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-bench-'));
  const authority = await startAuthority();
  const desk = await runSigningDesk(folder, authority);
  try {
    const invisible = { appearance: { kind: 'none' } } as const;
    await desk.sign(batch, batch, invisible);
    const token = await rateOfToken(folder, 3000);
    const disk = await rateOfDisk(1200);
    const plain = rateOf(count, await desk.sign(count, batch, invisible));
    const rectangle = { x: 300, y: 100, width: 100, height: 100 };
    const sealed = { appearance: { kind: 'seal', page: 1, rectangle } } as const;
    const seal = rateOf(count, await desk.sign(count, batch, sealed));
    const singles = await desk.sign(count / 5, 1, { ...invisible, level: 'B-T' });
    const memory = await ratesInMemory(count, authority.issuing);

    // The row as parts of 1,000, so that its ends can be compared.
    const costs: { perSecond: number; cpuMs: number }[] = [];
    for (let done = 0; done < row; done += 1000) {
      const before = desk.cpuSeconds();
      const perSecond = rateOf(1000, await desk.sign(1000, batch, invisible));
      costs.push({ perSecond, cpuMs: desk.cpuSeconds() - before });
    }
    const [first, last] = [costs[0]!, costs.at(-1)!];
    const peak = desk.peakMemory();

    const file = await desk.show((await desk.sign(1, 1, { level: 'B-LTA' })).last);
    const began = performance.now();
    for (let nr = 0; nr < 50; nr += 1) await verifyPdf(file, { roots: [authority.root] });
    const verified = 50 / ((performance.now() - began) / 1000);
    const late = percentile(singles.approvedMs, 99);
    return [
      ratioOf(
        `documents/s from arrival to returned (200 KB, B-B, RSA-2048 in SoftHSM, ${batch} at once) against bare C_Sign`,
        plain,
        token,
        0.7,
      ),
      figure('the same against writing the files, each durable, to PostgreSQL', share(plain, disk), '', true),
      ratioOf('with a visible seal against invisible', seal, plain, 0.8),
      ratioOf(
        'key and file in memory, one thread: signatures/s against the bare libraries',
        memory.own,
        memory.bare,
        0.6,
      ),
      figure(
        'approval to returned of single documents (B-T, local time-stamps): p50, p99',
        `${round(percentile(singles.approvedMs, 50), 0)}, ${round(late, 0)} ms`,
        '< 2 s',
        late < 2000,
      ),
      ratioOf(
        `documents/s of the last 1,000 of ${row} against the first`,
        last.perSecond,
        first.perSecond,
        0.9,
      ),
      figure(
        'processor time of the hub per document there',
        `${round(last.cpuMs, 2)} / ${round(first.cpuMs, 2)} ms`,
        '',
        true,
      ),
      figure('peak memory (RSS) of the hub meanwhile', `${round(peak, 0)} MB`, '< 400 MB', peak < 400),
      figure('verifications/s of a B-LTA file', round(verified, 0), '≥ 20', verified >= 20),
    ];
  } finally {
    await desk.stop();
    await authority.stop();
    await stopTestServices();
    rmSync(folder, { recursive: true });
  }
};
