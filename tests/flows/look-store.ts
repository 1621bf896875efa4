import { sql } from 'kysely';
import type { EditedHub } from '#tests/flows/play-editors.ts';

interface InputRow {
  stage: string;
  flow: string;
  node: string;
  types: string[];
  ordered: boolean;
  attempts: number;
  active: boolean;
  xid: string;
  position: number;
}

/** What leads into the flows of a stage. */
export const inputs = async ({ hub }: EditedHub, stage = 'sandbox'): Promise<InputRow[]> =>
  (
    await sql<InputRow>`select *, xid::text as xid from flow_input where stage = ${stage}
      order by flow, node`.execute(hub.db)
  ).rows;

/** What the trail says of an action, oldest first. */
export const audit = async (
  { hub }: EditedHub,
  action: string,
): Promise<{ actor: string; detail: Record<string, unknown> }[]> =>
  (
    await sql<{ actor: string; detail: Record<string, unknown> }>`
      select actor, detail from audit where action = ${action} order by id`.execute(hub.db)
  ).rows;
