import assert from 'node:assert/strict';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Finding, Reconciliation } from '#schemas/provisioning.ts';
import type { Client } from './call-hub.ts';

const withinMs = 120_000;

const post = (hub: Client, path: string, body: unknown): Promise<Response> =>
  hub.ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const whenOver = async (hub: Client, id: string, underWay: string): Promise<Reconciliation> => {
  let found: Reconciliation | undefined;
  await waitUntil(
    `the reconciliation to be ${underWay} no more`,
    async () => {
      found = await hub.get<Reconciliation>(`/api/v1/reconciliations/${id}`);
      return found.state !== underWay;
    },
    { withinMs, everyMs: 100 },
  );
  return found!;
};

const readFindings = async (hub: Client, id: string): Promise<Finding[]> => {
  const findings: Finding[] = [];
  let cursor = '';
  do {
    const page = await hub.get<{ items: Finding[]; next?: string }>(
      `/api/v1/reconciliations/${id}/findings?limit=500${cursor}`,
    );
    findings.push(...page.items);
    cursor = page.next === undefined ? '' : `&cursor=${encodeURIComponent(page.next)}`;
  } while (cursor !== '');
  return findings;
};

/** Compares an app with the register, as the IT centre does. */
export const reconcile = async (
  hub: Client,
  app: string,
): Promise<Reconciliation & { findings: Finding[] }> => {
  const answer = await post(hub, '/api/v1/reconciliations', { app });
  assert.equal(answer.status, 202);
  const { id } = (await answer.json()) as Reconciliation;
  const reconciliation = await whenOver(hub, id, 'running');
  assert.equal(reconciliation.state, 'done', `${app}: ${reconciliation.error}`);
  return { ...reconciliation, findings: await readFindings(hub, id) };
};

/** Mends all findings of these kinds. Whether the guard asked first; it is then told yes. */
export const fix = async (hub: Client, id: string, kinds: string[]): Promise<{ asked: boolean }> => {
  const path = `/api/v1/reconciliations/${id}/fix`;
  let answer = await post(hub, path, { kinds });
  const asked = answer.status === 409;
  if (asked) {
    const problem = (await answer.json()) as { code: string; params: { token: string } };
    assert.equal(problem.code, 'plan-needs-confirmation');
    const { state } = await hub.get<Reconciliation>(`/api/v1/reconciliations/${id}`);
    assert.equal(state, 'done', 'nothing is begun before the answer');
    answer = await post(hub, path, { kinds, confirm: problem.params.token });
  }
  assert.equal(answer.status, 202, await answer.text());
  assert.equal((await whenOver(hub, id, 'fixing')).state, 'fixed');
  return { asked };
};
