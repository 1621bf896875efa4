import { sql } from 'kysely';
import { toJsonb } from '#hub/flows/messages/to-jsonb.ts';
import { type Database, often, type Tx } from '#hub/platform/database.ts';
import { isoTime } from '#hub/platform/iso-time-store.ts';
import type { FlowFault, FlowMessageState, FlowStage, LeasedMessage } from '#schemas/flow.ts';

/** A message about to be kept. */
export interface NewMessage {
  id?: string | undefined;
  stage: FlowStage;
  flow: string;
  node: string;
  key: string | null;
  message: Record<string, unknown>;
  attempts: number;
  dueAt?: string | undefined;
  origin?: string | undefined;
}

/** Keeps messages, in this order; one whose id is known already is passed over. */
export const insertMessages = async (db: Database | Tx, messages: NewMessage[]): Promise<void> => {
  if (messages.length === 0) return;
  await sql`
    insert into flow_message (id, stage, flow, node, key, state, message, attempts, due_at, origin)
    select coalesce(id, gen_random_uuid()), stage, flow, node, key, 'ready', message, attempts,
      coalesce("dueAt", clock_timestamp()), origin
    from rows from (jsonb_to_recordset(${toJsonb(messages)}::jsonb) as (
      id uuid, stage text, flow text, node text, key text, message jsonb, attempts int, "dueAt" timestamptz,
      origin uuid)) with ordinality as m(id, stage, flow, node, key, message, attempts, "dueAt", origin, nr)
    order by nr
    on conflict (id) do nothing`.execute(db);
};

/**
 * Lends messages: those whose time has come, oldest first, of one key only the first that is not settled. `skip locked`: two who
 * claim at once get different ones.
 */
export const leaseMessages = async (
  db: Database,
  wish: { stage: FlowStage; runner: string; flows: string[]; limit: number; seconds: number },
): Promise<LeasedMessage[]> => {
  const { rows } = await sql<LeasedMessage>`${often}
    with next as (
      select id from flow_message m
      where stage = ${wish.stage} and flow = any(${wish.flows}::text[]) and state = 'ready'
        and due_at <= clock_timestamp()
        and (key is null or not exists (
          select 1 from flow_message before
          where before.stage = m.stage and before.flow = m.flow and before.key = m.key
            -- A replayed one is older than one that is under way already.
            and (before.state = 'leased' or (before.state = 'ready' and before.sequence < m.sequence))))
      order by sequence limit ${wish.limit} for update skip locked
    ), lent as (
      update flow_message m set state = 'leased', runner = ${wish.runner}, lease = gen_random_uuid(),
        lease_until = clock_timestamp() + ${wish.seconds} * interval '1 second', tries = tries + 1
      from next where m.id = next.id
      returning m.id, m.lease, m.flow, m.node, m.tries as attempt, m.message, m.sequence
    )
    select id, lease, flow, node, attempt, message from lent order by sequence`.execute(db);
  return rows;
};

/** Lets loans last; answers the leases that still are. */
export const renewLeases = async (db: Database, leases: string[], seconds: number): Promise<string[]> => {
  const { rows } = await sql<{ lease: string }>`
    update flow_message set lease_until = clock_timestamp() + ${seconds} * interval '1 second'
    where state = 'leased' and lease = any(${leases}::uuid[]) returning lease`.execute(db);
  return rows.map(({ lease }) => lease);
};

export interface Settled {
  id: string;
  lease: string;
  fault?: FlowFault | undefined;
  final?: boolean | undefined;
}

/**
 * Ends loans; answers the ids of those that were still held. One that failed is tried again after twice as long each time, and
 * is a dead letter after its last try.
 */
export const settleLoans = async (db: Database | Tx, loans: Settled[]): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`${often}
    update flow_message m set
      state = case when l.fault is null then 'done'
        when l.final or m.tries >= m.attempts then 'dead' else 'ready' end,
      due_at = case when l.fault is null or l.final then m.due_at
        else clock_timestamp() + least(600, power(2, m.tries)) * interval '1 second' end,
      settled_at = clock_timestamp(), fault = coalesce(l.fault, m.fault), lease = null, lease_until = null, runner = null
    from (
      select id, lease, given as fault, coalesce(final, false) as final
      from jsonb_to_recordset(${JSON.stringify(loans.map(({ fault, ...loan }) => ({ ...loan, given: fault })))}::jsonb)
        as (id uuid, lease uuid, given jsonb, final boolean)
    ) l
    where m.id = l.id and m.lease = l.lease and m.state = 'leased' returning m.id`.execute(db);
  return rows.map(({ id }) => id);
};

/** A loan that is held, locked until the transaction ends; undefined: it is lost. */
export const findLoan = async (
  db: Database | Tx,
  { id, lease }: { id: string; lease: string },
): Promise<{ stage: FlowStage; flow: string; node: string; attempts: number } | undefined> => {
  const { rows } = await sql<{ stage: FlowStage; flow: string; node: string; attempts: number }>`
    select stage, flow, node, attempts from flow_message
    where id = ${id} and lease = ${lease} and state = 'leased' for update`.execute(db);
  return rows[0];
};

/**
 * Takes back what nobody renewed, or all that one runner held. A try that its runner did not survive counts as one. Answers
 * the flows that had something on loan.
 */
export const takeBack = async (db: Database, runner: string | undefined): Promise<string[]> => {
  const lost = {
    code: 'runner-lost',
    text: 'The process that handled the message ended, or did not answer in time.',
  };
  const which = runner === undefined ? sql`lease_until <= clock_timestamp()` : sql`runner = ${runner}`;
  const { rows } = await sql<{ flow: string }>`
    update flow_message set
      state = case when tries >= attempts then 'dead' else 'ready' end,
      fault = case when tries >= attempts then coalesce(fault, ${JSON.stringify(lost)}::jsonb) else fault end,
      settled_at = clock_timestamp(), lease = null, lease_until = null, runner = null
    where state = 'leased' and ${which} returning flow`.execute(db);
  return [...new Set(rows.map(({ flow }) => flow))];
};

/** Gives back what was not begun: it does not count as a try. */
export const giveBack = async (db: Database, runner: string): Promise<string[]> => {
  const { rows } = await sql<{ flow: string }>`
    update flow_message set state = 'ready', tries = tries - 1, lease = null, lease_until = null, runner = null
    where state = 'leased' and runner = ${runner} returning flow`.execute(db);
  return [...new Set(rows.map(({ flow }) => flow))];
};

/** Forgets what was handled so many days ago, with what it did. */
export const forgetDone = async (db: Database, days: number): Promise<void> => {
  await sql`delete from flow_message where id in (
    select id from flow_message where state = 'done' and settled_at < now() - ${days} * interval '1 day' limit 10000)`.execute(
    db,
  );
};

/** A message as it was taken in, with its place; undefined: it is kept no more. */
export const findMessage = async (
  db: Database,
  id: string,
): Promise<{ flow: string; node: string; message: Record<string, unknown>; state: string } | undefined> => {
  const { rows } = await sql<{ flow: string; node: string; message: Record<string, unknown>; state: string }>`
    select flow, node, message, state from flow_message where id = ${id}`.execute(db);
  return rows[0];
};

/** The latest messages of a flow, newest first. */
export const recentMessages = async (
  db: Database,
  { stage, flow }: { stage: FlowStage; flow: string },
  limit: number,
): Promise<FlowMessageState[]> => {
  const { rows } = await sql<Omit<FlowMessageState, 'fault'> & { fault: FlowFault | null }>`
    select id, state, tries, fault, ${isoTime('changed_at')} as at
    from (select *, coalesce(settled_at, created_at) as changed_at from flow_message
      where stage = ${stage} and flow = ${flow} order by sequence desc limit ${limit}) latest
    order by sequence desc`.execute(db);
  return rows.map(({ fault, ...row }) => ({ ...row, ...(fault === null ? {} : { fault }) }));
};
