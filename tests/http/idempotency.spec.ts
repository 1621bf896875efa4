import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sql } from 'kysely';
import { type Database, openDatabase } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { createIdempotency, type Idempotency } from '#hub/platform/http/keep-answers.ts';
import { Reply } from '#hub/platform/http/route.ts';
import { createLog } from '#hub/platform/log.ts';
import { createSecrets } from '#hub/platform/secrets.ts';
import { bearer, echoRoute, type RunningEdge, read, startEdge, until } from '#tests/http/start-edge.ts';
import { createMigratedDatabase } from '#tests/support/test-hub.ts';

describe('Idempotency-Key', () => {
  let database: Awaited<ReturnType<typeof createMigratedDatabase>>;
  let db: Database;
  let idempotency: Idempotency;
  let edge: RunningEdge;
  let runs = 0;
  let answerWith: () => Promise<unknown>;

  const post = (
    key: string,
    body: object = { name: 'An' },
    { token = 'reader', path = '/api/v1/echo' }: { token?: string; path?: string } = {},
  ) =>
    fetch(edge.origin + path, {
      method: 'POST',
      headers: { ...bearer(token), 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });

  before(async () => {
    database = await createMigratedDatabase();
    db = openDatabase(database.url, 5);
    const secrets = createSecrets(Buffer.alloc(32, 7));
    idempotency = createIdempotency({ db, secrets, log: createLog('silent'), leaseMs: 400 });
    const handle = async () => {
      runs += 1;
      return answerWith();
    };
    edge = await startEdge({
      idempotency,
      routes: [
        echoRoute({ handle }),
        echoRoute({ path: '/public', scope: 'public', handle }),
        echoRoute({
          path: '/upload',
          raw: true,
          body: undefined,
          handle: async ({ stream }) => {
            for await (const _ of stream);
            return handle();
          },
        }),
      ],
    });
  });
  beforeEach(() => {
    runs = 0;
    answerWith = async () => new Reply(201, { secret: 's3cr3t', runs }, { location: '/x' });
  });
  after(async () => {
    await edge.close();
    await db.destroy();
    await database.drop();
  });

  it('gives the stored answer again, to the letter, without doing the work again', async () => {
    const first = await post('k-1');
    const second = await post('"k-1"');
    assert.equal(runs, 1);
    assert.equal(first.headers.get('idempotency-replayed'), null);
    assert.equal(second.headers.get('idempotency-replayed'), 'true');
    assert.equal(second.status, 201);
    assert.equal(second.headers.get('location'), '/x');
    assert.equal(second.headers.get('content-type'), first.headers.get('content-type'));
    assert.equal(await second.text(), await first.text());
  });

  it('keeps the answers of two clients apart', async () => {
    await post('k-2');
    const other = await post('k-2', undefined, { token: 'other' });
    assert.equal(other.headers.get('idempotency-replayed'), null);
    assert.equal(runs, 2);
  });

  it('refuses the key for another request', async () => {
    await post('k-3');
    const answer = await post('k-3', { name: 'Binh' });
    assert.equal(answer.status, 422);
    assert.equal((await read(answer)).code, 'idempotency-key-reused');
  });

  it('lets one of many at once do the work, however long it takes, and asks the others to wait', async () => {
    const gate = Promise.withResolvers<void>();
    answerWith = () => gate.promise;
    const first = post('k-4');
    await until('the first to run', () => runs === 1);
    // Longer than the lease: it is renewed while the work goes on.
    const started = Date.now();
    await until('the lease to pass', () => Date.now() - started > 700);
    const others = await Promise.all([post('k-4'), post('k-4'), post('k-4')]);
    for (const answer of others) {
      assert.equal(answer.status, 409);
      assert.equal((await read(answer)).code, 'idempotency-key-in-use');
      assert.ok(answer.headers.get('retry-after'));
    }
    gate.resolve();
    assert.equal((await first).status, 204);
    assert.equal((await post('k-4')).headers.get('idempotency-replayed'), 'true');
    assert.equal(runs, 1);
  });

  it('takes over what a killed hub left running', async () => {
    await runAndKill('k-5');
    let answer = await post('k-5');
    assert.equal(answer.status, 409);
    await until('the lease to end', async () => {
      answer = await post('k-5');
      return answer.status !== 409;
    });
    assert.equal(answer.status, 201);
    assert.equal(runs, 1);
  });

  it('waits for no lease when a hub that works alone starts again', async () => {
    await runAndKill('k-5-alone');
    await idempotency.freeRunning();
    assert.equal((await post('k-5-alone')).status, 201);
    assert.equal(runs, 1);
  });

  const runAndKill = async (key: string): Promise<void> => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'hub-to-kill.ts'), database.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    try {
      const origin = (await lines.next()).value as string;
      const lost = fetch(`${origin}/api/v1/echo`, {
        method: 'POST',
        headers: { ...bearer('reader'), 'content-type': 'application/json', 'idempotency-key': key },
        body: '{"name":"An"}',
      }).catch(() => undefined);
      assert.equal((await lines.next()).value, 'begun');
      child.kill('SIGKILL');
      await once(child, 'exit');
      await lost;
    } finally {
      child.kill('SIGKILL');
    }
  };

  it('does not keep failures of the server, nor answers that ask to come again', async () => {
    answerWith = async () => {
      throw new Error('a hiccup');
    };
    assert.equal((await post('k-6')).status, 500);
    answerWith = async () => {
      throw new AppError('conflict');
    };
    assert.equal((await post('k-6')).status, 409);
    answerWith = async () => ({ fine: true });
    const answer = await post('k-6');
    assert.equal(answer.status, 200);
    assert.equal(runs, 3);
  });

  it('keeps refusals, but not those of validation', async () => {
    assert.equal((await post('k-7', {})).status, 400);
    answerWith = async () => {
      throw new AppError('unknown-unit', { unit: 'X' });
    };
    assert.equal((await post('k-7')).status, 404);
    const again = await post('k-7');
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
    assert.equal((await read(again)).code, 'unknown-unit');
  });

  it('knows an upload by address, length and type, whatever its boundary', async () => {
    const upload = (boundary: string, bytes: number) =>
      fetch(`${edge.origin}/upload`, {
        method: 'POST',
        headers: {
          ...bearer('reader'),
          'content-type': `multipart/form-data; boundary=${boundary}`,
          'idempotency-key': 'k-8',
        },
        body: Buffer.alloc(bytes),
      });
    assert.equal((await upload('a', 100)).status, 201);
    assert.equal((await upload('b', 100)).headers.get('idempotency-replayed'), 'true');
    assert.equal((await upload('b', 101)).status, 422);
  });

  it('heeds no key where there is no client', async () => {
    await post('k-9', undefined, { path: '/public' });
    const answer = await post('k-9', undefined, { path: '/public' });
    assert.equal(answer.headers.get('idempotency-replayed'), null);
  });

  it('refuses a key that is none', async () => {
    assert.equal((await read(post('k'.repeat(256)))).errors[0]!.code, 'bad-idempotency-key');
  });

  it('stores no answer in the clear', async () => {
    await post('k-10');
    const { rows } = await sql<{ answer: Buffer; hash: Buffer }>`
      select answer, request_hash as hash from idempotency_key where key = 'k-10'`.execute(db);
    assert.ok(!rows[0]!.answer.includes('s3cr3t'));
  });

  it('removes what is older than 48 hours, and uses an old key anew', async () => {
    await post('k-11');
    await post('k-12');
    await sql`update idempotency_key set created_at = now() - interval '49 hours'
              where key in ('k-11', 'k-12')`.execute(db);
    const anew = await post('k-12', { name: 'Binh' });
    assert.equal(anew.status, 201);
    assert.equal(anew.headers.get('idempotency-replayed'), null);
    assert.equal(await idempotency.removeOld(), 1);
  });
});
