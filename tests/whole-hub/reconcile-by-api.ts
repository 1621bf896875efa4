import assert from 'node:assert/strict';
import type { Finding, Reconciliation } from '#schemas/provisioning.ts';

/** What a reconciliation needs of a running hub. */
export interface HubApi {
  origin: string;
  token: string;
}

const ask = async <T>(hub: HubApi, method: string, path: string, body?: unknown): Promise<[number, T]> => {
  const answer = await fetch(`${hub.origin}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${hub.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return [answer.status, (await answer.json()) as T];
};

/** Waits until the reconciliation is in none of these states any more; how it then is. */
const waitOut = async (hub: HubApi, id: string, states: string[]): Promise<Reconciliation> => {
  const until = Date.now() + 300_000;
  for (;;) {
    const [, found] = await ask<Reconciliation>(hub, 'GET', `/reconciliations/${id}`);
    if (!states.includes(found.state)) return found;
    assert.ok(Date.now() < until, `${found.app}: still ${found.state}`);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
};

const allFindings = async (hub: HubApi, id: string): Promise<Finding[]> => {
  const findings: Finding[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ limit: '500', ...(cursor === undefined ? {} : { cursor }) });
    const [, page] = await ask<{ items: Finding[]; next?: string }>(
      hub,
      'GET',
      `/reconciliations/${id}/findings?${query}`,
    );
    findings.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return findings;
};

/** Compares an app with the register, as the IT centre does. */
export const reconcile = async (
  hub: HubApi,
  app: string,
): Promise<{ reconciliation: Reconciliation; findings: Finding[] }> => {
  const [status, started] = await ask<Reconciliation>(hub, 'POST', '/reconciliations', { app });
  assert.equal(status, 202);
  const reconciliation = await waitOut(hub, started.id, ['running']);
  assert.equal(reconciliation.state, 'done', `${app}: ${reconciliation.error}`);
  return { reconciliation, findings: await allFindings(hub, started.id) };
};

/** Mends all findings of these kinds; when the guard asks, says yes. Whether it had to ask. */
export const fix = async (hub: HubApi, id: string, kinds: string[]): Promise<{ asked: boolean }> => {
  const path = `/reconciliations/${id}/fix`;
  const [status, answer] = await ask<Record<string, unknown>>(hub, 'POST', path, { kinds });
  const asked = answer.code === 'plan-needs-confirmation';
  if (asked) {
    const again = { kinds, confirm: answer.token };
    const [confirmed, problem] = await ask<Record<string, unknown>>(hub, 'POST', path, again);
    assert.equal(confirmed, 202, JSON.stringify(problem));
  } else assert.equal(status, 202, JSON.stringify(answer));
  assert.equal((await waitOut(hub, id, ['fixing'])).state, 'fixed');
  return { asked };
};
