import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { testServices } from '#tests/support/services.ts';

const asAdmin = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const { databaseUrl } = await testServices();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

const urlOf = async (database: string): Promise<string> => {
  const url = new URL((await testServices()).databaseUrl);
  url.pathname = `/${database}`;
  return url.href;
};

/** A database of a spec's own: empty, or a copy of `template` (which nobody may be connected to). */
export const createTestDatabase = async ({
  template = 'template0',
}: {
  template?: string;
} = {}): Promise<{
  url: string;
  /** Ends what is still connected. */ drop(): Promise<void>;
}> => {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdmin(client =>
    client.query(`create database ${name} template ${client.escapeIdentifier(template)}`),
  );
  return {
    url: await urlOf(name),
    drop: async () => {
      await asAdmin(client => client.query(`drop database if exists ${name} with (force)`));
    },
  };
};

/**
 * Makes the template `name` once, however many processes ask at the same time: `prepare` fills it (and
 * closes its connections); one that was not finished is made anew.
 */
export const createTemplateDatabase = async (
  name: string,
  prepare: (url: string) => Promise<void>,
): Promise<void> => {
  await asAdmin(async client => {
    await client.query('select pg_advisory_lock(hashtext($1))', [name]);
    const quoted = client.escapeIdentifier(name);
    const found = await client.query('select from pg_database where datname = $1 and datistemplate', [name]);
    if (found.rowCount !== 0) return;
    await client.query(`drop database if exists ${quoted} with (force)`);
    await client.query(`create database ${quoted} template template0`);
    await prepare(await urlOf(name));
    await client.query(`alter database ${quoted} is_template true`);
  });
};
