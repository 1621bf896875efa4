import { sql } from 'kysely';
import { AppError } from '#hub/platform/errors.ts';
import type { Part } from '#hub/platform/part.ts';
import { createProvisioningWith, type ProvisioningOptions } from '#hub/provisioning/provisioning.service.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import type { HrRecord } from '#schemas/hr-record.ts';
import type { StaffChange } from '#schemas/staff.ts';
import type { FakeApp } from '#tests/provisioning/fake-app.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

const outsideParts = (fakes: FakeApp[]): Part[] => {
  const find = (id: string): FakeApp => {
    const fake = fakes.find(one => one.app.id === id);
    if (fake === undefined) throw new AppError('unknown-connector', { id });
    return fake;
  };
  return [
    {
      name: 'apps',
      actions: {
        'apps.list': async () => fakes.map(fake => fake.app),
        'apps.get': async ({ id }: { id: string }) => {
          const fake = fakes.find(one => one.app.id === id);
          if (fake === undefined) throw new AppError('unknown-app', { app: id });
          return fake.app;
        },
      },
    },
    {
      name: 'connectors',
      actions: {
        'connectors.list': async () => fakes.map(fake => fake.state),
        'connectors.invoke': async (request: {
          id: string;
          port: string;
          method: string;
          input: unknown[];
        }) => find(request.id).invoke(request.port, request.method, request.input),
      },
    },
  ] as Part[];
};

export interface ProvisioningHub extends TestHub {
  /** Applies changes to the register and wakes the fan-out, as the staff part's caller does. */
  change(changes: Partial<StaffChange>[]): Promise<string[]>;
  /** Hires people with the given records; their ids. */
  hire(count: number, record?: Partial<HrRecord>): Promise<string[]>;
  task(app: string, staffId: string): Promise<TaskRow | undefined>;
  /** Every event about people has become tasks. */
  fannedOut(): Promise<void>;
  /** Everything is delivered: no task is ready or leased. */
  settled(): Promise<void>;
}

export interface TaskRow {
  state: string;
  generation: number;
  attempts: number;
  error_code: string | null;
  due_in_ms: number;
  held_at: Date | null;
}

/** Waits until `condition` holds; fails after 20 s with what was waited for. */
export const eventually = async (
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> => {
  const until = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > until) throw new Error(`waited in vain until ${what}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
};

let nr = 0;

/** A hub node with the real register and provisioning, and these apps outside. */
export const createProvisioningHub = async (
  fakes: FakeApp[],
  options: ProvisioningOptions & { databaseUrl?: string; started?: boolean } = {},
): Promise<ProvisioningHub> => {
  const { databaseUrl, started = true, ...provisioning } = options;
  const hub = await createTestHub(
    [
      createUnits,
      createStaff,
      context => createProvisioningWith(context, { random: () => 0, ...provisioning }),
    ],
    { stubs: outsideParts(fakes), started, ...(databaseUrl === undefined ? {} : { databaseUrl }) },
  );
  const change = async (changes: Partial<StaffChange>[]): Promise<string[]> => {
    const outcomes = await hub.call('staff.apply', {
      changes: changes.map(one => ({ origin: `provisioning-${++nr}`, ...one }) as StaffChange),
      source: 'test',
      actor: 'test',
    });
    hub.context.wake.notify('events');
    return outcomes.map(outcome => {
      if (outcome.staffId === undefined) throw new Error(`refused: ${JSON.stringify(outcome.error)}`);
      return outcome.staffId;
    });
  };
  return {
    ...hub,
    change,
    hire: (count, record = {}) =>
      change(
        Array.from({ length: count }, () => {
          const code = String(++nr).padStart(6, '0');
          return { record: { name: 'Nguyễn Văn An', code, status: 'active', ...record } };
        }),
      ),
    async task(app, staffId) {
      const { rows } = await sql<TaskRow>`
        select state, generation, attempts, error_code, held_at,
          extract(epoch from due_at - now()) * 1000 as due_in_ms
        from provisioning_task where app = ${app} and staff_id = ${staffId}::uuid`.execute(hub.db);
      return rows[0];
    },
    fannedOut: () =>
      eventually('everything is fanned out', async () => {
        const { rows } = await sql<{ idle: boolean }>`
          select not exists (
            select from event e, event_reader r
            where r.name = 'provisioning' and e.subject like 'staff/%'
              and (e.xid, e.position) > (r.xid, r.position)) as idle`.execute(hub.db);
        return rows[0]!.idle;
      }),
    settled: () =>
      eventually('nothing waits', async () => {
        const { rows } = await sql<{ idle: boolean }>`
          select not exists (select from provisioning_task where state in ('ready', 'leased'))
            and not exists (
              select from event e, event_reader r
              where r.name = 'provisioning' and e.subject like 'staff/%'
                and (e.xid, e.position) > (r.xid, r.position)) as idle`.execute(hub.db);
        return rows[0]!.idle;
      }),
  };
};
