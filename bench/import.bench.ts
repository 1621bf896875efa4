import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { makeDataDir, removeDataDir, startBenchHub } from '#bench/support/bench-hub.ts';
import { type Figure, figure, round } from '#bench/support/figure.ts';
import { makeWorkbook } from '#bench/support/make-workbook.ts';
import { fold } from '#hub/platform/vietnamese/fold.ts';
import { splitName } from '#hub/platform/vietnamese/split-name.ts';
import type { ProvinceStaff } from '#sandbox/province/generate-staff.ts';
import { makeProvince } from '#sandbox/province/make-province.ts';
import { readUnits } from '#sandbox/province/units.ts';

const levels: Record<string, string> = {
  tinh: 'province',
  so: 'agency',
  huyen: 'district',
  xa: 'commune',
  phong: 'department',
  'don-vi': 'facility',
};

const copy = async (client: pg.Client, statement: string, lines: string[]): Promise<number> => {
  const began = performance.now();
  await pipeline(Readable.from(lines), client.query(copyFrom(statement)));
  return performance.now() - began;
};

const cell = (value: unknown): string =>
  value === null || value === undefined ? '\\N' : String(value).replaceAll(/[\\\t\n]/g, ' ');

/** Those that the rows below name; the others have defaults. */
const staffColumns = `id, version, status, status_from, code, citizen_hash, citizen_cipher, name, folded, given_name, username,
  birth_date, birth_year, gender, email, phone, unit_id, title, rank, grade, coefficient, coefficient_from, updated_at`;

/** The same rows by bare COPY: into a table without an index, and into the register's own tables with theirs. */
const bareCopy = async (
  url: string,
  people: ProvinceStaff[],
): Promise<{ plain: number; indexed: number }> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      'create schema bare; create table bare.plain (like public.staff including defaults including identity); create table bare.staff (like public.staff including all)',
    );
    await client.query(
      'create table bare.staff_version (like public.staff_version including all); create table bare.position (like public.position including all)',
    );
    await client.query(
      'create table bare.salary_step (like public.salary_step including all); create table bare.event (like public.event including all)',
    );
    const ids = people.map(() => crypto.randomUUID());
    const staff = people.map(
      ({ record, username, email }, at) =>
        `${[
          ids[at],
          1,
          'active',
          null,
          record.code,
          `\\\\x${Buffer.from(record.citizenNumber).toString('hex')}`,
          `\\\\x${'ab'.repeat(40)}`,
          record.name,
          fold(record.name),
          splitName(record.name).given,
          username,
          record.birthDate,
          null,
          record.gender,
          email,
          record.phone,
          null,
          record.positions[0]!.title,
          record.salary?.rank,
          record.salary?.grade,
          record.salary?.coefficient,
          record.salary?.from,
          '2026-01-01',
        ]
          .map((value, nr) => (nr === 5 || nr === 6 ? value : cell(value)))
          .join('\t')}\n`,
    );
    const snapshot = (at: number): string =>
      JSON.stringify({ ...people[at]!.record, id: ids[at], username: people[at]!.username }).replaceAll(
        '\\',
        '\\\\',
      );
    const plain = await copy(client, `copy bare.plain (${staffColumns}) from stdin`, staff);
    const indexed =
      (await copy(client, `copy bare.staff (${staffColumns}) from stdin`, staff)) +
      (await copy(
        client,
        'copy bare.staff_version (staff_id, version, actor, source, origin, changed, snapshot) from stdin',
        ids.map((id, at) => `${id}\t1\ta\ts\to/${at}\t{name,code}\t${snapshot(at)}\n`),
      )) +
      (await copy(
        client,
        'copy bare.position (staff_id, unit_id, title, main) from stdin',
        ids.map((id, at) => `${id}\t${id}\t${cell(people[at]!.record.positions[0]!.title)}\tt\n`),
      )) +
      (await copy(
        client,
        'copy bare.salary_step (staff_id, rank, grade, coefficient, valid_from, source) from stdin',
        people.map(
          ({ record }, at) =>
            `${ids[at]}\t${record.salary!.rank}\t${record.salary!.grade}\t${record.salary!.coefficient}\t${record.salary!.from}\ts\n`,
        ),
      )) +
      (await copy(
        client,
        'copy bare.event (position, type, subject, subject_version, source, actor, data) from stdin',
        ids.map((id, at) => `${at}\tt\tstaff/${id}\t1\ts\ta\t${snapshot(at)}\n`),
      ));
    await client.query('drop schema bare cascade');
    return { plain, indexed };
  } finally {
    await client.end();
  }
};

/** 30,000 rows of xlsx to register and events, against a bare COPY of the same rows in the same run. */
export const run = async (count: number): Promise<Figure[]> => {
  const dataDir = makeDataDir();
  const hub = await startBenchHub({ dataDir, profile: 'production' });
  try {
    const people = makeProvince(count);
    const file = join(dataDir, 'people.xlsx');
    await makeWorkbook(people, file);
    const token = await hub.token();
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(hub.origin + path, {
        ...init,
        headers: { authorization: `Bearer ${token}`, ...(init.headers as object) },
      });
    const units = readUnits().map(unit => ({
      code: unit.code,
      name: unit.name,
      level: levels[unit.level],
      ...(unit.parentCode === null ? {} : { parentCode: unit.parentCode }),
    }));
    const loaded = await ask('/api/v1/units', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ units }),
    });
    if (!loaded.ok) throw new Error(await loaded.text());
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(readFileSync(file))]), 'people.xlsx');
    const began = performance.now();
    const sent = (await (await ask('/api/v1/hr/imports', { method: 'POST', body: form })).json()) as {
      id: string;
    };
    let report: { state: string; counts: Record<string, number> };
    do {
      await pause(50);
      report = (await (await ask(`/api/v1/hr/imports/${sent.id}`)).json()) as typeof report;
    } while (report.state === 'waiting' || report.state === 'running');
    const seconds = (performance.now() - began) / 1000;
    if (report.counts.created !== count) throw new Error(JSON.stringify(report));
    const { peak } = hub.memory();
    const folder = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')
      .split('\n')[4]!
      .trim();
    const bare = await bareCopy(
      `postgres://lienthong@localhost:5432/lienthong?host=${encodeURIComponent(folder)}`,
      people,
    );
    const share = (milliseconds: number): number => (milliseconds / 1000 / seconds) * 100;
    return [
      figure(
        `import of ${count} rows of xlsx`,
        `${round(seconds)} s, ${round(count / seconds, 0)} rows/s`,
        '≤ 60 s',
        seconds <= 60,
      ),
      figure('peak memory of the hub during it', `${round(peak, 0)} MB`, '< 500 MB', peak < 500),
      figure(
        'rows/s against a bare COPY into the register’s tables with their indexes',
        `${round(share(bare.indexed))} % (COPY ${round(bare.indexed / 1000, 2)} s)`,
        '≥ 10 %',
        share(bare.indexed) >= 10,
      ),
      figure(
        'rows/s against a bare COPY into one table without an index',
        `${round(share(bare.plain))} % (COPY ${round(bare.plain / 1000, 2)} s)`,
        '≥ 10 %',
        share(bare.plain) >= 10,
      ),
    ];
  } finally {
    await hub.stop();
    removeDataDir(dataDir);
  }
};
