import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { giveFolder, type PostgresUser } from './choose-postgres-user.ts';

// UTF-8 with PostgreSQL's own C.UTF-8: the order never changes with the machine's libraries.
// Vietnamese order is asked for by name (collate "vi-x-icu"), which every cluster has.
const choices = [
  '--username=lienthong',
  '--auth=trust',
  '--encoding=UTF8',
  '--no-locale',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
];

// The socket's folder is open to us alone and TCP is off, so whoever can connect is us.
const access = `local all all trust\n`;

const settings = `# Written at every start. Settings of your own: ALTER SYSTEM (postgresql.auto.conf wins).
listen_addresses = ''
port = 5432
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
max_wal_size = 1GB
synchronous_commit = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, dmy'
default_text_search_config = 'pg_catalog.simple'
# A transaction that somebody forgot would hold back every reader of the event log.
idle_in_transaction_session_timeout = 5min
# The queue tables change fast and stay small.
autovacuum_naptime = 15s
autovacuum_vacuum_scale_factor = 0.05
autovacuum_vacuum_insert_scale_factor = 0.1
autovacuum_analyze_scale_factor = 0.05
autovacuum_vacuum_cost_delay = 1ms
log_min_messages = warning
log_line_prefix = '%m [%p] '
# Statements and their parameters hold personal data.
log_min_error_statement = panic
log_parameter_max_length_on_error = 0
`;

/**
 * Makes the cluster in `folder` unless one is there, and writes its settings anew. A first start that was cut
 * short leaves nothing behind that a later one takes for a cluster.
 */
export const createCluster = async (folder: string, initdb: string, user: PostgresUser): Promise<void> => {
  if (!existsSync(join(folder, 'PG_VERSION'))) {
    const unfinished = `${folder}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true, mode: 0o700 });
    await giveFolder(unfinished, user);
    const [command, ...args] = [...user.prefix, initdb, ...choices, `--pgdata=${unfinished}`];
    try {
      await promisify(execFile)(command!, args, { ...user.identity });
    } catch (error) {
      const { stderr } = error as { stderr?: string };
      throw new Error(`PostgreSQL cannot make its files in ${folder}: ${(stderr || String(error)).trim()}`);
    }
    await rename(unfinished, folder);
  }
  await writeFile(join(folder, 'postgresql.conf'), settings);
  await writeFile(join(folder, 'pg_hba.conf'), access);
  await giveFolder(folder, user);
};
