import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { type RunningEdge, startEdge } from '#tests/http/start-edge.ts';
import { playOutside } from '#tests/signing/played-outside.ts';
import { type SigningHub, startSigning } from '#tests/signing/start-signing.ts';

describe('Tickets of signing devices, for the IT centre', () => {
  let signing: SigningHub;
  let edge: RunningEdge;
  before(async () => {
    const outside = playOutside();
    signing = await startSigning({ outside: (method, input) => outside.invoke(method, input) });
    edge = await startEdge({
      routes: signing.hub.parts.flatMap(part => part.routes ?? []),
      authenticate: async token => ({
        clientId: 'it',
        scopes: [token === 'admin' ? 'admin' : 'signing.request'],
      }),
    });
    outside.give('binh', signing.authority.issue('Nguyễn Văn Bình'));
    await ask('PUT', '/routes/smartca', {
      kind: 'connector',
      connector: 'smartca',
      priority: 10,
      enabled: true,
    });
    await ask('PUT', '/routes/smartca/accounts', { holder: { staffId: signing.leader }, userId: 'binh' });
  });
  after(async () => {
    await edge.close();
    await signing.stop();
  });

  const ask = async (method: string, path: string, body?: unknown, token = 'admin') => {
    const answer = await fetch(`${edge.origin}/api/v1/signing${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
    return { status: answer.status, json: (await answer.json()) as any };
  };
  const open = (more: object = {}) =>
    ask('POST', '/tickets', { holder: { staffId: signing.leader }, route: 'smartca', note: 'mất', ...more });

  it('are opened, listed, and closed by hand with a reason, which the trail keeps', async () => {
    const opened = await open();
    assert.equal(opened.status, 201);
    assert.equal(opened.json.kind, 'reported-broken');
    assert.equal((await open()).json.id, opened.json.id, 'one for each holder and service');
    await open({ holder: { unitId: signing.unitId } });
    const page = await ask('GET', '/tickets?open=true&limit=1');
    assert.equal(page.json.items[0].holder.unitId, signing.unitId);
    const rest = await ask('GET', `/tickets?open=true&limit=1&cursor=${page.json.next}`);
    assert.equal(rest.json.items[0].id, opened.json.id);
    assert.equal(rest.json.next, undefined);
    assert.equal((await ask('GET', `/tickets?staffId=${signing.clerk}`)).json.items.length, 0);

    const closed = await ask('POST', `/tickets/${opened.json.id}/close`, { reason: 'tìm thấy máy' });
    assert.equal(closed.json.closedWhy, 'tìm thấy máy');
    assert.equal(closed.json.closedBy, 'client/it');
    const again = await ask('POST', `/tickets/${opened.json.id}/close`, { reason: 'khác' });
    assert.equal(again.json.closedWhy, 'tìm thấy máy', 'what is closed stays as it is');
    const { rows } = await sql<{ action: string }>`select action from audit
      where object = ${`signing-ticket/${opened.json.id}`} order by at`.execute(signing.hub.db);
    assert.deepEqual(
      rows.map(({ action }) => action),
      ['signing.ticket-opened', 'signing.ticket-closed'],
    );
    const events = await sql<{ data: { recovered: boolean } }>`select data from event
      where subject = ${`signing-ticket/${opened.json.id}`} and subject_version = 2`.execute(signing.hub.db);
    assert.deepEqual(
      events.rows.map(({ data }) => data.recovered),
      [false],
    );
    assert.notEqual((await open()).json.id, opened.json.id, 'the next trouble is another ticket');
  });

  it('need a service that there is, a reason, and the right to it', async () => {
    assert.equal((await open({ route: 'vgca' })).status, 400);
    assert.equal((await ask('POST', `/tickets/${signing.leader}/close`, { reason: 'x' })).status, 404);
    assert.equal((await ask('GET', '/tickets', undefined, 'app')).status, 403);
  });
});
