import assert from 'node:assert/strict';
import createFlows from '#hub/flows/flows.service.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Caller } from '#hub/platform/http/route.ts';
import type { Part } from '#hub/platform/part.ts';
import type { FlowContents, FlowVersion } from '#schemas/flow.ts';
import type { FlowDifference, FlowProposal, FlowStageChange } from '#schemas/flow-version.ts';
import { an, binh, flowFor } from '#tests/flows/play-editors.ts';
import { bearer, type Problem, type RunningEdge, startEdge } from '#tests/http/start-edge.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

const people: Record<string, typeof an> = { an, binh };
const idOf = (token: string): string => people[token]!.actor.slice('staff/'.length);
/** The register, with those two in it. */
const staff: Part = {
  name: 'staff',
  actions: {
    'staff.get': (async ({ id }: { id: string }) => ({
      name: Object.values(people).find(({ actor }) => actor === `staff/${id}`)!.actorName,
    })) as never,
  },
};

describe('The routes of versions of flows', () => {
  let hub: TestHub;
  let edge: RunningEdge;
  let versions: number[];

  const ask = async <T = Problem>(
    method: string,
    path: string,
    { as = 'an', body, language = 'vi' }: { as?: string; body?: unknown; language?: string } = {},
  ): Promise<{ status: number; body: T }> => {
    const answer = await fetch(`${edge.origin}/api/v1/flows/${path}`, {
      method,
      headers: {
        ...bearer(as),
        'accept-language': language,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as T };
  };

  before(async () => {
    hub = await createTestHub([createFlows], {
      started: false,
      stubs: [staff],
      config: { flowsReview: true },
    });
    edge = await startEdge({
      routes: hub.parts.flatMap(part => part.routes ?? []),
      authenticate: async (token): Promise<Caller> => {
        if (token === 'reader') return { clientId: 'reader', scopes: ['hr.read'] };
        if (token === 'tool') return { clientId: 'tool', scopes: ['admin'] };
        if (people[token] === undefined) throw new AppError('unauthenticated');
        return { clientId: 'editor', staffId: idOf(token), scopes: ['admin'] };
      },
    });
    versions = [];
    for (const whom of ['đơn vị', 'lãnh đạo', 'văn thư']) {
      const { number } = await hub.call('flows.deploy', {
        ...(versions.length === 0 ? {} : { base: versions.at(-1)! }),
        ...{ contents: flowFor(whom), credentials: { $: `bi-mat ${whom}` }, message: `cho ${whom}` },
        ...{ author: an.actor, authorName: an.actorName },
      });
      versions.push(number);
    }
  });
  after(async () => {
    await edge.close();
    await hub.stop();
  });

  it('are for administrators only', async () => {
    for (const path of [
      'versions',
      `versions/${versions[0]}`,
      `difference?to=${versions[0]}`,
      'stages',
      'proposals',
    ])
      assert.equal((await ask('GET', path, { as: 'reader' })).status, 403, path);
    const body = { version: versions[0], reason: 'x' };
    assert.equal((await ask('POST', 'stages/sandbox/roll-back', { as: 'reader', body })).status, 403);
  });

  it('list versions page by page, newest first, and show one without its credentials', async () => {
    type Page = { items: FlowVersion[]; next?: string };
    const first = (await ask<Page>('GET', 'versions?limit=2')).body;
    assert.deepEqual(
      first.items.map(({ message, stages }) => [message, stages]),
      [
        ['cho văn thư', ['sandbox']],
        ['cho lãnh đạo', []],
      ],
    );
    const last = (await ask<Page>('GET', `versions?limit=2&cursor=${first.next}`)).body;
    assert.deepEqual(
      last.items.map(({ number }) => number),
      [versions[0]],
    );
    assert.equal(last.next, undefined);
    assert.equal((await ask('GET', 'versions?cursor=xyz')).status, 400);
    const shown = await ask<{ contents: FlowContents }>('GET', `versions/${versions[0]}`);
    assert.equal(shown.body.contents.length, 3);
    assert.doesNotMatch(JSON.stringify(shown.body), /bi-mat/);
    const unknown = await ask('GET', 'versions/999999999');
    assert.deepEqual([unknown.status, unknown.body.code], [404, 'flow-version-unknown']);
    assert.equal((await ask('GET', 'versions/99999999999')).status, 400);
  });

  it('tell a difference as data and as text, in the language of the request', async () => {
    type Told = { difference: FlowDifference; text: string };
    const path = `difference?from=${versions[0]}&to=${versions[1]}`;
    const { body } = await ask<Told>('GET', path);
    assert.equal(body.difference.flows[0]!.nodes[0]!.properties[0]!.after, 'Báo lãnh đạo');
    assert.match(body.text, /^~ Sửa luồng “Văn bản đến”\n.*tên: “Báo đơn vị” → “Báo lãnh đạo”\n/s);
    assert.match(body.text, /Thông tin xác thực đã thay đổi/);
    assert.doesNotMatch(JSON.stringify(body), /bi-mat/);
    assert.match((await ask<Told>('GET', path, { language: 'en' })).body.text, /^~ Changed: flow/);
    const whole = await ask<Told>('GET', `difference?to=${versions[0]}`);
    assert.equal(whole.body.difference.flows[0]!.change, 'added');
  });

  it('lead a version into production by two people, and back again', async () => {
    const proposeAndPromote = async (version: number): Promise<FlowStageChange> => {
      const body = { version, message: 'chạy thật' };
      const proposed = await ask<FlowProposal>('POST', 'proposals', { body });
      assert.equal(proposed.status, 201);
      const path = `proposals/${proposed.body.number}`;
      const approval = { approve: true, comment: '' };
      const own = await ask('POST', `${path}/review`, { body: approval });
      assert.deepEqual([own.status, own.body.code], [403, 'flow-review-own']);
      assert.equal((await ask('POST', `${path}/review`, { as: 'tool', body: approval })).status, 403);
      assert.equal((await ask('POST', `${path}/promote`)).status, 409);
      const waiting = await ask<{ items: FlowProposal[] }>('GET', 'proposals?state=waiting');
      assert.deepEqual(
        waiting.body.items.map(({ number }) => number),
        [proposed.body.number],
      );
      const reviewed = await ask<FlowProposal>('POST', `${path}/review`, { as: 'binh', body: approval });
      assert.deepEqual([reviewed.status, reviewed.body.reviewerName], [200, binh.actorName]);
      return (await ask<FlowStageChange>('POST', `${path}/promote`)).body;
    };
    assert.equal((await proposeAndPromote(versions[0]!)).actorName, an.actorName);
    assert.equal((await proposeAndPromote(versions[1]!)).before, versions[0]);

    const back = 'stages/production/roll-back';
    const body = { version: versions[0], reason: 'báo nhầm' };
    assert.equal((await ask('POST', back, { body: { ...body, reason: '' } })).status, 400);
    assert.equal((await ask('POST', back, { body: { ...body, version: versions[2] } })).status, 409);
    const changed = await ask<FlowStageChange>('POST', back, { as: 'binh', body });
    assert.deepEqual(
      [changed.status, changed.body.actorName, changed.body.before],
      [200, binh.actorName, versions[1]],
    );
    const { items } = (await ask<{ items: FlowStageChange[] }>('GET', 'stages')).body;
    assert.deepEqual(
      items.map(({ stage, version }) => [stage, version]),
      [
        ['sandbox', versions[2]],
        ['production', versions[0]],
      ],
    );
    const history = await ask<{ items: FlowStageChange[] }>('GET', 'stages/production/changes?limit=5');
    assert.deepEqual(
      history.body.items.map(({ kind }) => kind),
      ['roll-back', 'promotion', 'promotion'],
    );
    assert.equal((await ask('GET', 'stages/elsewhere/changes')).status, 400);
    assert.equal((await ask('POST', 'proposals/77/promote')).status, 404);
  });
});
