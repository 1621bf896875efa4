import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

/** For whom and what a signing service is used; what is absent is not asked. */
export interface RouteRules {
  staffIds?: string[];
  unitIds?: string[];
  levels?: string[];
  appIds?: string[];
  /** Of the embedded service: for how many days a certificate may stand in for a broken device; absent: never. */
  temporaryDays?: number;
  documentTypes?: string[];
}

/** A signing service, in the order in which they are tried (the smallest first). */
export interface SigningRoute {
  id: string;
  /** What people call it; null: its id. */
  name: string | null;
  /** `agent`: a USB token, by the agent on the person's own computer; it signs whole files, so it is behind no `Signer`. */
  kind: 'embedded' | 'connector' | 'agent';
  connector: string | null;
  priority: number;
  enabled: boolean;
  rules: RouteRules;
}

const columns = sql`id, name, kind, connector, priority, enabled, rules`;

export const nameOfRoute = ({ id, name }: Pick<SigningRoute, 'id' | 'name'>): string => name ?? id;

export const listRoutes = async (db: Database): Promise<SigningRoute[]> => {
  const { rows } = await sql<SigningRoute>`
    select ${columns} from signing_route order by priority, id`.execute(db);
  return rows;
};

/** A name that is not given stays. */
export const putRoute = async (db: Database, route: SigningRoute): Promise<void> => {
  await sql`
    insert into signing_route (id, name, kind, connector, priority, enabled, rules)
    values (${route.id}, ${route.name}, ${route.kind}, ${route.connector}, ${route.priority}, ${route.enabled},
      ${JSON.stringify(route.rules)}::jsonb)
    on conflict (id) do update set name = coalesce(excluded.name, signing_route.name), kind = excluded.kind, connector = excluded.connector,
      priority = excluded.priority, enabled = excluded.enabled, rules = excluded.rules`.execute(db);
};

/** The holder's account at a service; undefined: none is known. */
export const findAccount = async (
  db: Database,
  routeId: string,
  holder: { staffId: string | null; unitId: string | null },
): Promise<string | undefined> => {
  const { rows } = await sql<{ userId: string }>`
    select user_id as "userId" from signing_account where route_id = ${routeId}
      and (staff_id = ${holder.staffId}::uuid or unit_id = ${holder.unitId}::uuid)`.execute(db);
  return rows[0]?.userId;
};

export const putAccount = async (
  db: Database,
  routeId: string,
  holder: { staffId: string } | { unitId: string },
  userId: string,
): Promise<void> => {
  const staffId = 'staffId' in holder ? holder.staffId : null;
  const unitId = 'unitId' in holder ? holder.unitId : null;
  const target =
    staffId === null
      ? sql`(route_id, unit_id) where unit_id is not null`
      : sql`(route_id, staff_id) where staff_id is not null`;
  await sql`insert into signing_account (route_id, staff_id, unit_id, user_id)
    values (${routeId}, ${staffId}, ${unitId}, ${userId})
    on conflict ${target} do update set user_id = excluded.user_id`.execute(db);
};
