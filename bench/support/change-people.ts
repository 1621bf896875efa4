import { sql } from 'kysely';
import type { BenchHub } from '#bench/support/bench-hub.ts';
import { makeProvince } from '#sandbox/province/make-province.ts';

/** A change that every one of the six apps has to be told of, or (mail, HR) at least planned for. */
export interface PhoneChange {
  code: string;
  name: string;
  phone: string;
}

/** One telephone number each for `count` people of the sandbox province: five apps keep it. */
export const makeChanges = (staff: number, count: number, round: number): PhoneChange[] =>
  makeProvince(staff)
    .slice(0, count)
    .map(({ record }, at) => ({
      code: record.code,
      name: record.name,
      phone: `+8454${String(round).padStart(2, '0')}${String(at).padStart(5, '0')}`,
    }));

/** Pushes changes to the hub as an outside program does. */
export const pushChanges = async (hub: BenchHub, token: string, changes: PhoneChange[]): Promise<void> => {
  const answer = await fetch(`${hub.origin}/api/v1/hr/records`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ source: 'bench', records: changes }),
  });
  const { results } = (await answer.json()) as { results?: { outcome: string }[] };
  const bad = results?.find(({ outcome }) => outcome !== 'changed');
  if (!answer.ok || bad !== undefined) throw new Error(`push: ${answer.status} ${JSON.stringify(bad)}`);
};

/** Tasks that are not done yet. */
export const countOpen = async (hub: BenchHub, except?: string): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int n from provisioning_task
    where state in ('ready', 'leased') and app <> ${except ?? ''}`.execute(hub.db);
  return rows[0]!.n;
};

/** Whether the fan-out has read the log to its end. */
export const isRead = async (hub: BenchHub): Promise<boolean> => {
  const { rows } = await sql<{ behind: boolean }>`
    select exists (select from event e, event_reader r
      where r.name = 'provisioning' and (e.xid, e.position) > (r.xid, r.position)) as behind`.execute(hub.db);
  return !rows[0]!.behind;
};
