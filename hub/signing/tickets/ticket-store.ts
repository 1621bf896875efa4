import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { Holder } from '#hub/signing/signers/signer.ts';
import type { TroubleKind } from '#schemas/signing-trouble.ts';

/** A signing device or service that is not asked for somebody's signatures until it is well again. */
export interface TicketRow extends Holder {
  id: string;
  routeId: string;
  kind: TroubleKind;
  /** Serial numbers that the holder had there; null: the service has not told yet. */
  known: string[] | null;
  note: string | null;
  openedBy: string;
  openedAt: Date;
  /** What the holder agreed to sign with meanwhile. */
  toRoute: string | null;
  consentedAt: Date | null;
  /** A key that was made for the meantime. */
  temporaryId: string | null;
  closedBy: string | null;
  closedAt: Date | null;
  closedWhy: string | null;
}

const columns = sql`id, staff_id as "staffId", unit_id as "unitId", route_id as "routeId", kind, known, note,
  opened_by as "openedBy", opened_at as "openedAt", to_route as "toRoute", consented_at as "consentedAt",
  temporary_id as "temporaryId", closed_by as "closedBy", closed_at as "closedAt", closed_why as "closedWhy"`;
const holderOf = ({ staffId, unitId }: Holder) => staffId ?? unitId;

/** Undefined: there is an open one for this holder and service. */
export const insertTicket = async (
  tx: Tx,
  given: Pick<TicketRow, 'staffId' | 'unitId' | 'routeId' | 'kind' | 'known' | 'note' | 'openedBy'>,
): Promise<TicketRow | undefined> => {
  const { rows } = await sql<TicketRow>`
    insert into signing_ticket (staff_id, unit_id, route_id, kind, known, note, opened_by)
    values (${given.staffId}, ${given.unitId}, ${given.routeId}, ${given.kind}, ${given.known}::text[],
      ${given.note}, ${given.openedBy})
    on conflict (route_id, coalesce(staff_id, unit_id)) where closed_at is null do nothing
    returning ${columns}`.execute(tx);
  return rows[0];
};

export const openTicketsOf = async (db: Database | Tx, holder: Holder): Promise<TicketRow[]> => {
  const { rows } = await sql<TicketRow>`select ${columns} from signing_ticket
    where coalesce(staff_id, unit_id) = ${holderOf(holder)}::uuid and closed_at is null order by opened_at`.execute(
    db,
  );
  return rows;
};

export const findTicket = async (db: Database, id: string): Promise<TicketRow | undefined> => {
  const { rows } = await sql<TicketRow>`select ${columns} from signing_ticket where id = ${id}`.execute(db);
  return rows[0];
};

/** Newest first. */
export const pageOfTickets = async (
  db: Database,
  by: {
    open?: boolean | undefined;
    staffId?: string | undefined;
    unitId?: string | undefined;
    before?: [string, string] | undefined;
    limit: number;
  },
): Promise<(TicketRow & { key: string })[]> => {
  const [at, id] = by.before ?? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
  const { rows } = await sql<TicketRow & { key: string }>`
    select ${columns}, opened_at::text as key from signing_ticket
    where (opened_at, id) < (${at}::timestamptz, ${id}::uuid)
      and (${by.open ?? null}::boolean is null or (closed_at is null) = ${by.open ?? null}::boolean)
      and (${by.staffId ?? null}::uuid is null or staff_id = ${by.staffId ?? null}::uuid)
      and (${by.unitId ?? null}::uuid is null or unit_id = ${by.unitId ?? null}::uuid)
    order by opened_at desc, id desc limit ${by.limit}`.execute(db);
  return rows;
};

/** What the hub found out by itself is reported as broken now. False: it was so already, or it is closed. */
export const becomeBroken = async (
  tx: Tx,
  id: string,
  { known, note }: Pick<TicketRow, 'known' | 'note'>,
): Promise<boolean> => {
  const { rows } = await sql`
    update signing_ticket set kind = 'reported-broken', known = ${known}::text[], note = coalesce(${note}, note)
    where id = ${id} and closed_at is null and kind <> 'reported-broken' returning 1`.execute(tx);
  return rows.length > 0;
};

/** What the service told for the first time: these are the certificates of the broken device. */
export const learnKnown = async (db: Database, id: string, known: string[]): Promise<void> => {
  await sql`update signing_ticket set known = ${known}::text[] where id = ${id} and known is null`.execute(
    db,
  );
};

/** False: it is closed. */
export const agreeTicket = async (
  tx: Tx,
  id: string,
  { toRoute, by, temporaryId }: { toRoute: string; by: string; temporaryId?: string | undefined },
): Promise<boolean> => {
  const { rows } = await sql`
    update signing_ticket set to_route = ${toRoute}, consented_by = ${by}, consented_at = clock_timestamp(),
      temporary_id = coalesce(${temporaryId ?? null}::uuid, temporary_id)
    where id = ${id} and closed_at is null returning 1`.execute(tx);
  return rows.length > 0;
};

/** `only`: while it is of this kind. False: it is of another by now, or was closed already. */
export const endTicket = async (
  tx: Tx,
  id: string,
  { by, why, only = null }: { by: string; why: string; only?: TroubleKind | null | undefined },
): Promise<boolean> => {
  const { rows } = await sql`
    update signing_ticket set closed_at = clock_timestamp(), closed_by = ${by}, closed_why = ${why}
    where id = ${id} and closed_at is null and (${only}::text is null or kind = ${only}) returning 1`.execute(
    tx,
  );
  return rows.length > 0;
};

/**
 * Open ones whose service is to be looked at now, each by one node. The older one is, the rarer: from ten seconds to ten
 * minutes, or one minute while a service is away.
 */
export const takeDueTickets = async (db: Database, limit: number): Promise<TicketRow[]> => {
  const { rows } = await sql<TicketRow>`
    update signing_ticket set look_at = clock_timestamp() + least(greatest(interval '10 seconds', (clock_timestamp() - opened_at) / 20),
      case kind when 'service-unavailable' then interval '1 minute' else interval '10 minutes' end)
    where id in (select id from signing_ticket where closed_at is null and look_at < clock_timestamp()
      order by look_at limit ${limit} for update skip locked)
    returning ${columns}`.execute(db);
  return rows;
};

/** Keys of the meantime that is over, and that nothing waits to be signed with any more. */
export const spentTemporaryKeys = async (db: Database): Promise<{ id: string; temporaryId: string }[]> => {
  const { rows } = await sql<{ id: string; temporaryId: string }>`
    select id, temporary_id as "temporaryId" from signing_ticket t
    where closed_at is not null and temporary_id is not null and not temporary_ended
      and not exists (select 1 from signing_step s where s.state = 'authorised' and s.credential->>'id' = t.temporary_id::text)
    order by closed_at limit 50`.execute(db);
  return rows;
};

export const endTemporary = async (db: Database, id: string): Promise<void> => {
  await sql`update signing_ticket set temporary_ended = true where id = ${id}`.execute(db);
};
