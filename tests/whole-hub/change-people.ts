import { setTimeout as pause } from 'node:timers/promises';
import type { HrRecord } from '#schemas/hr-record.ts';
import type { RowReport } from '#schemas/intake.ts';
import type { Client } from './call-hub.ts';

/** People of the spec's own, changed through the API again and again until `stop`. */
export interface Changes {
  /** How many facts of each subject (`staff/<id>`) the hub has accepted with a 2xx. */
  accepted: Map<string, number>;
  /** Throws what made a writer give up: the hub refused a change. */
  assertGoing(): void;
  stop(): Promise<void>;
}

const units = ['479', '480', '474'];

/** What is said of a person in each round: hired, moved, paid more, called under another number, moved … */
const recordOf = (code: string, round: number): HrRecord => {
  const record: HrRecord = { code, name: 'Đỗ Thị Ân' };
  if (round % 3 === 1)
    return {
      ...record,
      salary: {
        rank: '01.003',
        grade: 1 + (round % 9),
        coefficient: 234 + 33 * (round % 9),
        from: '2026-01-01',
      },
    };
  if (round % 3 === 2) return { ...record, phone: `0912${String(round).padStart(6, '0')}` };
  const unit = units[(round / 3) % units.length]!;
  return { ...record, mainPosition: { unit, title: `Chuyên viên ${round}` } };
};

/**
 * Several writers push side by side, each about people of its own and ten in a request. A push that fails is made
 * again until the hub has taken it, whatever befalls the hub; `everyMs` lies between two pushes of a writer.
 */
export const changePeople = (
  hub: () => Client,
  { people, writers, everyMs }: { people: number; writers: number; everyMs: number },
): Changes => {
  const accepted = new Map<string, number>();
  let stopped = false;
  const push = async (records: HrRecord[]): Promise<RowReport[] | undefined> => {
    const answer = await hub()
      .ask('/api/v1/hr/records', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ source: 'trial', records }),
      })
      .catch(() => undefined);
    // It is away, or not yet ready again.
    if (answer === undefined || answer.status >= 500) return undefined;
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { results: RowReport[] }).results;
  };
  const pushUntilTaken = async (records: HrRecord[]): Promise<RowReport[]> => {
    while (!stopped) {
      const reports = await push(records);
      if (reports !== undefined) return reports;
      await pause(50);
    }
    return [];
  };
  const write = async (writer: number): Promise<void> => {
    const own = Array.from(
      { length: people / writers },
      (_, nr) => `91${writer}${String(nr).padStart(5, '0')}`,
    );
    for (let round = 0; !stopped; round++)
      for (let at = 0; at < own.length && !stopped; at += 10) {
        const records = own.slice(at, at + 10).map(code => recordOf(code, round));
        for (const { staffId, outcome, errors } of await pushUntilTaken(records)) {
          // What was taken the first time, without an answer.
          if (outcome === 'unchanged') continue;
          if (outcome !== 'created' && outcome !== 'changed')
            throw new Error(`a change was not taken: ${outcome} ${JSON.stringify(errors)}`);
          const subject = `staff/${staffId}`;
          accepted.set(subject, (accepted.get(subject) ?? 0) + 1);
        }
        await pause(everyMs);
      }
  };
  const done = Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  let refusal: Error | undefined;
  done.catch(error => {
    refusal = error;
  });
  return {
    accepted,
    assertGoing() {
      if (refusal !== undefined) throw refusal;
    },
    async stop() {
      stopped = true;
      await done;
    },
  };
};
