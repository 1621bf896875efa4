import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** By which rules everybody in an app was planned last, and how far the planning anew has come. */
export interface AppRulesMark {
  app: string;
  digest: string;
  /** The page of the register to go on from, '' the first; null: nobody is left. */
  replanFrom: string | null;
}

const columns = sql`app, digest, replan_from as "replanFrom"`;

export const readMarks = async (db: Database): Promise<AppRulesMark[]> => {
  const { rows } = await sql<AppRulesMark>`select ${columns} from app_rules`.execute(db);
  return rows;
};

/** Notes an app's rules: those of an app met for the first time as they are, other ones begin a planning anew. */
export const markRules = async (db: Database, app: string, digest: string): Promise<void> => {
  await sql`
    insert into app_rules as m (app, digest) values (${app}, ${digest})
    on conflict (app) do update set digest = excluded.digest, replan_from = ''
    where m.digest <> excluded.digest`.execute(db);
};

/** Moves on, if nobody else has meanwhile and the rules are the same; false otherwise. */
export const moveMark = async (tx: Tx, from: AppRulesMark, to: string | null): Promise<boolean> => {
  const result = await sql`
    update app_rules set replan_from = ${to}
    where app = ${from.app} and digest = ${from.digest} and replan_from = ${from.replanFrom}`.execute(tx);
  return Number(result.numAffectedRows ?? 0) === 1;
};
