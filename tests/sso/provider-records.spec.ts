import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { Adapter } from 'oidc-provider';
import { type Database, openDatabase } from '#hub/platform/database.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import { createAdapters } from '#sso/provider/adapter.ts';
import { putRecords } from '#sso/provider/oidc-records-store.ts';
import { createRequestWrites } from '#sso/provider/request-writes.ts';
import { sha256 } from '#sso/sha-256.ts';
import { createMigratedDatabase } from '#tests/support/test-hub.ts';

const secrets = {
  seal: (_purpose: string, text: string) => Buffer.from(text),
  open: (_purpose: string, sealed: Buffer) => sealed.toString(),
} as unknown as Secrets;

describe('What the provider keeps', () => {
  let database: { url: string; drop(): Promise<void> };
  let db: Database;
  let adapterOf: (model: string) => Adapter;
  before(async () => {
    database = await createMigratedDatabase();
    db = openDatabase(database.url, 4);
    adapterOf = createAdapters({ db, secrets, writes: createRequestWrites(db) });
  });
  after(async () => {
    await db.destroy();
    await database.drop();
  });

  it('is told to each who asks for a token, however many ask at once', async () => {
    await adapterOf('AccessToken').upsert('a', { accountId: 'anna' }, 60);
    await adapterOf('RefreshToken').upsert('b', { accountId: 'bert' }, 60);
    const found = await Promise.all([
      adapterOf('AccessToken').find('a'),
      adapterOf('RefreshToken').find('b'),
      adapterOf('AccessToken').find('b'),
      adapterOf('AccessToken').find('c'),
    ]);
    assert.deepEqual(
      found.map(record => record?.accountId),
      ['anna', 'bert', undefined, undefined],
    );
  });

  it('holds no result of a sign-in that was ended while it was looked at', async () => {
    const signIns = adapterOf('Interaction');
    await signIns.upsert('going', { returnTo: '/' }, 60);
    await signIns.upsert('going', { returnTo: '/', result: { progress: {} } }, 60);
    assert.deepEqual((await signIns.find('going'))?.result, { progress: {} });
    await signIns.destroy('going');
    await assert.rejects(async () => signIns.upsert('going', { returnTo: '/', result: {} }, 60), {
      error_description: 'interaction session not found',
    });
    assert.equal(await signIns.find('going'), undefined);
  });

  it('is written and removed together, or not at all', async () => {
    const record = (id: string, payload: Record<string, unknown>) => ({
      model: 'Session',
      idHash: sha256(id),
      payload,
      sealedId: undefined,
      userCodeHash: undefined,
      expiresIn: 60,
    });
    await putRecords(db, [record('old', { uid: 'one' })]);
    const old = { model: 'Session', idHash: sha256('old') };
    // Two sessions of one name there cannot be.
    const twice = [record('new', { uid: 'two' }), record('other', { uid: 'two' })];
    await assert.rejects(putRecords(db, twice, [old]), { code: '23505' });
    const { rows } = await sql<{ uid: string }>`
      select uid from oidc_record where model = 'Session'`.execute(db);
    assert.deepEqual(rows, [{ uid: 'one' }]);
  });
});
