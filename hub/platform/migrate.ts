import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { type Database, inTransaction } from '#hub/platform/database.ts';

const folder = join(import.meta.dirname, '..', '..', 'migrations');

const readMigrations = (): Record<string, Migration> => {
  const migrations: Record<string, Migration> = {};
  for (const file of readdirSync(folder).sort()) {
    const text = readFileSync(join(folder, file), 'utf8');
    migrations[file.replace(/\.sql$/, '')] = {
      up: db =>
        sql
          .raw(text)
          .execute(db)
          .then(() => {}),
    };
  }
  return migrations;
};

/** A number that changes with any migration: names a template database in tests. */
export const migrationsDigest = (): string =>
  readdirSync(folder)
    .sort()
    .reduce((hash, file) => hash.update(readFileSync(join(folder, file))), createHash('sha256'))
    .digest('hex')
    .slice(0, 12);

/**
 * Brings the database to the newest schema: numbered, forward only, each in order, safe when many
 * processes start at once. Then makes the partitions of the coming months.
 */
export const migrate = async (db: Database): Promise<void> => {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => readMigrations() } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
  await inTransaction(db, async tx => {
    await sql`select pg_advisory_xact_lock(hashtext('lienthong.partitions'))`.execute(tx);
    await sql`select make_partitions('event', 2), make_partitions('exchange', 2)`.execute(tx);
  });
};
