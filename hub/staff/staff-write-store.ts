import { sql } from 'kysely';
import type { Tx } from '#hub/platform/database.ts';
import { fold } from '#hub/platform/vietnamese/fold.ts';
import { splitName } from '#hub/platform/vietnamese/split-name.ts';
import type { PlannedChange } from '#hub/staff/plan-change.ts';
import { mainPosition, type StaffState } from '#hub/staff/staff-state.ts';

/** A row of `staff` for `jsonb_to_recordset`; bytea travels as hex. */
const toRow = (state: StaffState, citizenCipher: string | undefined) => {
  const main = mainPosition(state);
  return {
    id: state.id,
    version: state.version,
    status: state.status,
    status_from: state.statusFrom,
    code: state.code,
    citizen_hash: state.citizenHash,
    citizen_cipher: citizenCipher ?? null,
    name: state.name,
    folded: fold(state.name),
    given_name: splitName(state.name).given,
    username: state.username,
    birth_date: state.birthDate,
    birth_year: state.birthYear,
    gender: state.gender,
    email: state.email,
    phone: state.phone,
    unit_id: main?.unitId ?? null,
    title: main?.title ?? null,
    rank: state.salary?.rank ?? null,
    grade: state.salary?.grade ?? null,
    coefficient: state.salary?.coefficient ?? null,
    coefficient_from: state.salary?.from ?? null,
  };
};

const columns = sql.raw(`id uuid, version int, status text, status_from date, code text, citizen_hash text,
  citizen_cipher text, name text, folded text, given_name text, username text, birth_date date,
  birth_year int, gender text, email text, phone text, unit_id uuid, title text, rank text, grade int,
  coefficient int, coefficient_from date`);

export interface StateToWrite {
  state: StaffState;
  /** Hex; absent: the number on file stays. */
  citizenCipher: string | undefined;
}

export const insertStates = async (tx: Tx, states: StateToWrite[]): Promise<void> => {
  if (states.length === 0) return;
  const rows = JSON.stringify(states.map(({ state, citizenCipher }) => toRow(state, citizenCipher)));
  await sql`
    insert into staff (id, version, status, status_from, code, citizen_hash, citizen_cipher, name, folded,
      given_name, username, birth_date, birth_year, gender, email, phone, unit_id, title, rank, grade,
      coefficient, coefficient_from)
    select id, version, status, status_from, code, decode(citizen_hash, 'hex'), decode(citizen_cipher, 'hex'),
      name, folded, given_name, username, birth_date, birth_year, gender, email, phone, unit_id, title, rank,
      grade, coefficient, coefficient_from
    from jsonb_to_recordset(${rows}::jsonb) as r(${columns})`.execute(tx);
};

export const updateStates = async (tx: Tx, states: StateToWrite[]): Promise<void> => {
  if (states.length === 0) return;
  const rows = JSON.stringify(states.map(({ state, citizenCipher }) => toRow(state, citizenCipher)));
  await sql`
    update staff s set version = r.version, status = r.status, status_from = r.status_from, code = r.code,
      citizen_hash = decode(r.citizen_hash, 'hex'),
      citizen_cipher = coalesce(decode(r.citizen_cipher, 'hex'), s.citizen_cipher),
      name = r.name, folded = r.folded, given_name = r.given_name, username = r.username, birth_date = r.birth_date,
      birth_year = r.birth_year, gender = r.gender, email = r.email, phone = r.phone, unit_id = r.unit_id,
      title = r.title, rank = r.rank, grade = r.grade, coefficient = r.coefficient,
      coefficient_from = r.coefficient_from, updated_at = clock_timestamp()
    from jsonb_to_recordset(${rows}::jsonb) as r(${columns}) where s.id = r.id`.execute(tx);
};

export const insertUsernames = async (
  tx: Tx,
  names: { username: string; base: string; number: number; staff_id: string }[],
): Promise<void> => {
  if (names.length === 0) return;
  await sql`
    insert into username (username, base, number, staff_id)
    select * from jsonb_to_recordset(${JSON.stringify(names)}::jsonb) as r(
      username text, base text, number int, staff_id uuid)`.execute(tx);
};

export interface VersionRow {
  staff_id: string;
  version: number;
  actor: string;
  source: string;
  origin: string | null;
  changed: string[];
  snapshot: Record<string, unknown>;
}

export const insertVersions = async (tx: Tx, rows: VersionRow[]): Promise<void> => {
  if (rows.length === 0) return;
  await sql`
    insert into staff_version (staff_id, version, actor, source, origin, changed, snapshot)
    select staff_id, version, actor, source, origin,
      array(select jsonb_array_elements_text(changed)), snapshot
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(
      staff_id uuid, version int, actor text, source text, origin text, changed jsonb, snapshot jsonb)
  `.execute(tx);
};

/** Posts, steps and decisions of many people's changes. */
export const writeDetails = async (
  tx: Tx,
  plans: { staffId: string; source: string; plan: PlannedChange }[],
): Promise<void> => {
  const of = <T>(pick: (plan: PlannedChange) => T[]) =>
    plans.flatMap(({ staffId, source, plan }) => pick(plan).map(item => ({ ...item, staffId, source })));
  const ended = of(plan => plan.endedPositions);
  const posts = of(plan => plan.newPositions);
  const steps = of(plan => plan.newSteps);
  const decisions = of(plan => plan.newDecisions);
  if (ended.length > 0)
    await sql`
      update position p set ended_at = clock_timestamp()
      from jsonb_to_recordset(${JSON.stringify(ended)}::jsonb) as r(
        "staffId" uuid, "unitId" uuid, title text, main boolean)
      where p.staff_id = r."staffId" and p.unit_id = r."unitId" and p.title = r.title and p.main = r.main
        and p.ended_at is null`.execute(tx);
  if (posts.length > 0)
    await sql`
      insert into position (staff_id, unit_id, title, main, valid_from)
      select "staffId", "unitId", title, main, "from"
      from jsonb_to_recordset(${JSON.stringify(posts)}::jsonb) as r(
        "staffId" uuid, "unitId" uuid, title text, main boolean, "from" date)`.execute(tx);
  if (steps.length > 0)
    await sql`
      insert into salary_step (staff_id, rank, grade, coefficient, valid_from, source)
      select "staffId", rank, grade, coefficient, "from", source
      from jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) as r(
        "staffId" uuid, rank text, grade int, coefficient int, "from" date, source text)
      on conflict do nothing`.execute(tx);
  if (decisions.length > 0)
    await sql`
      insert into award (staff_id, kind, title, on_date, on_year, number, source)
      select "staffId", kind, title, date, year, number, source
      from jsonb_to_recordset(${JSON.stringify(decisions)}::jsonb) as r(
        "staffId" uuid, kind text, title text, date date, year int, number text, source text)
      on conflict do nothing`.execute(tx);
};
