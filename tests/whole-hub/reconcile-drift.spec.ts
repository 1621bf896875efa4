import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlantedDrift } from '#sandbox/province/drift.ts';
import { makeProvince, startingAccounts } from '#sandbox/province/make-province.ts';
import type { Finding, StaffAccount } from '#schemas/provisioning.ts';
import type { Staff } from '#schemas/staff.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';

import { fix, reconcile } from './reconcile-by-api.ts';
import { type RunningHub, runHub, stopHubs } from './run-hub.ts';

describe('Reconciling the apps of a running hub with its register', function () {
  this.timeout(240_000);
  const staff = 3000;
  const people = makeProvince(staff);
  let dataDir: string;
  let hub: RunningHub;

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lienthong-drift-'));
    const env = { LIENTHONG_SANDBOX_STAFF: String(staff) };
    hub = await runHub({ dataDir, port: await chooseFreePort(), env });
  });
  after(async () => {
    await stopHubs(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  });

  const codeOf = async (staffId: string | undefined): Promise<string> =>
    (await hub.get<Staff>(`/api/v1/staff/${staffId}`)).code;

  /** In the words of what was planted. A missing person has no account, an orphan nobody's code. */
  const tell = async ({ kind, externalId, staffId, differences = {} }: Finding): Promise<string> =>
    [
      kind,
      ...(kind === 'missing' ? [] : [externalId]),
      ...(kind === 'orphan' ? [] : [await codeOf(staffId)]),
      ...Object.entries(differences).map(([name, { app, register }]) => `${name}: ${app} → ${register}`),
    ].join(' ');
  const tellPlanted = (drift: PlantedDrift): string => {
    switch (drift.kind) {
      case 'orphan':
        return `orphan ${drift.externalId}`;
      case 'missing':
        return `missing ${drift.code}`;
      case 'disputed':
        return `disputed ${drift.externalId} ${drift.owner}`;
      case 'different':
        return [
          `different ${drift.externalId} ${drift.code}`,
          ...drift.changes.map(({ attribute, actual, expected }) => `${attribute}: ${actual} → ${expected}`),
        ].join(' ');
    }
  };
  const words = (text: string): string => text.split(' ').sort().join(' ');
  const sorted = (all: string[]): string[] => all.map(words).sort();

  for (const app of ['operations-page', 'document-system', 'directives', 'portal', 'mail'])
    it(`finds in ${app} exactly what is wrong there, mends it after it was told to, and finds nothing any more`, async () => {
      const { planted, accounts } = startingAccounts(app, people);
      const orphans = planted.filter(drift => drift.kind === 'orphan').length;
      const first = await reconcile(hub, app);
      assert.deepEqual(sorted(await Promise.all(first.findings.map(tell))), sorted(planted.map(tellPlanted)));
      assert.equal(first.counts.accounts, accounts.length);

      // In one of the apps fewer may be closed than there are orphans.
      const isGuarded = app === 'directives';
      if (isGuarded) {
        const body = JSON.stringify({ disableGuard: { maxAccounts: orphans - 1, maxPercent: 100 } });
        const headers = { 'content-type': 'application/json' };
        const answer = await hub.ask(`/api/v1/apps/${app}`, { method: 'PUT', headers, body });
        assert.equal(answer.status, 200);
      }
      const kinds = ['missing', 'orphan', 'different', 'disputed'];
      assert.deepEqual(await fix(hub, first.id, kinds), { asked: isGuarded });

      const second = await reconcile(hub, app);
      assert.deepEqual(second.findings, []);
      assert.deepEqual([second.counts.linked, second.counts.closed], [staff, orphans]);
    });

  it('knows what the adopted accounts have, so that a plan which changes nothing calls no app', async () => {
    const { items } = await hub.get<{ items: Staff[] }>('/api/v1/staff?limit=1');
    const { id, name, username } = items[0]!;
    const accounts = await hub.get<{ items: StaffAccount[] }>(`/api/v1/staff/${id}/accounts`);
    const given = Object.fromEntries(accounts.items.map(account => [account.app, account.given]));
    assert.equal(Object.keys(given).length, 6);
    assert.equal(given.portal!.name, name);
    assert.equal(given.hr!.username, username);
  });

  it('finds nothing in the HR software, where every person begins', async () => {
    const { findings, counts } = await reconcile(hub, 'hr');
    assert.deepEqual(findings, []);
    assert.equal(counts.linked, staff);
  });
});
