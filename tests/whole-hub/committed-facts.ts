import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Fact } from './check-arrivals.ts';

/** Where the embedded PostgreSQL of a hub listens: its fifth line is the folder of the socket. */
const urlOf = async (dataDir: string): Promise<string> => {
  const note = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8');
  return `postgres://lienthong@localhost:5432/lienthong?host=${encodeURIComponent(note.split('\n')[4]!)}`;
};

/** The whole event log of the hub that runs on `dataDir`, asked of PostgreSQL itself. */
export const committedFacts = async (dataDir: string): Promise<Fact[]> => {
  const client = new Client({ connectionString: await urlOf(dataDir) });
  await client.connect();
  try {
    const { rows } = await client.query<Fact>(
      `select id, regexp_replace(type, '^vn\\.lienthong\\.(.*)\\.v1$', '\\1') as name, subject,
              subject_version::int as sequence, coalesce(data -> 'changed', '[]') as changed
       from event order by xid, position`,
    );
    return rows;
  } finally {
    await client.end();
  }
};
