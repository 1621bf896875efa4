import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createTemplateDatabase, createTestDatabase } from '#tests/support/database.ts';

describe('databases for specs', () => {
  const ask = async (url: string, text: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query({ text, rowMode: 'array' })).rows.flat();
    } finally {
      await client.end();
    }
  };

  it('are empty, apart from each other, and gone when dropped', async () => {
    const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await ask(one.url, 'create table only_here (id int)');
    assert.deepEqual(await ask(two.url, "select to_regclass('only_here')"), [null]);
    await Promise.all([one.drop(), two.drop()]);
    await assert.rejects(ask(one.url, 'select 1'), /does not exist/);
  });

  it('can be copies of a template that is made once only', async () => {
    const template = `template_${randomBytes(4).toString('hex')}`;
    let made = 0;
    const prepare = async (url: string): Promise<void> => {
      made += 1;
      await ask(url, "create table filled as select 'x' as word");
    };
    await Promise.all([createTemplateDatabase(template, prepare), createTemplateDatabase(template, prepare)]);
    assert.equal(made, 1);
    const copy = await createTestDatabase({ template });
    assert.deepEqual(await ask(copy.url, 'select word from filled'), ['x']);
    await copy.drop();
  });
});
