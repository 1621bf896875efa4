import { today } from '#hub/platform/vietnamese/today.ts';
import { mergeAttributes, requireSchema } from '#hub/scim/patch/apply-patch.ts';
import type { ScimView } from '#hub/scim/read/open-view.ts';
import { ScimError } from '#hub/scim/scim-error.ts';
import { findByExternalId, setDeleted, setExternalId } from '#hub/scim/scim-mark-store.ts';
import { apply, explainRefusal } from '#hub/scim/users/change-user.ts';
import { readUser, type ScimDeps, type SeenUser } from '#hub/scim/users/read-users.ts';
import { type AskedChange, toChange } from '#hub/scim/users/to-change.ts';
import {
  changedFacts,
  type FactPath,
  readFacts,
  requireOwner,
  type UserFacts,
} from '#hub/scim/users/user-facts.ts';
import { scimUrns } from '#schemas/scim.ts';
import { resourceSchemas } from '#schemas/scim-schemas.ts';
import type { Staff } from '#schemas/staff.ts';
import type { StaffCondition } from '#schemas/staff-query.ts';

/** The hub gives user names and the mail software addresses: here they only propose, or help to find somebody. */
const proposals: FactPath[] = ['userName', 'emails'];

/** Who is meant by the keys of a new resource. */
const findKnown = async (
  { db, call }: ScimDeps,
  view: ScimView,
  keys: { code: string | undefined; userName: string; externalId: string | undefined },
): Promise<{ staff: Staff; key: string } | undefined> => {
  const { code, userName, externalId } = keys;
  const byExternalId =
    externalId === undefined ? [] : await findByExternalId(db, view.client, { op: 'eq', value: externalId });
  const isCode: StaffCondition[] =
    code === undefined ? [] : [{ test: { field: 'code', op: 'eq', value: code, exact: true } }];
  const { items } = await call('staff.find', {
    where: {
      any: [
        ...isCode,
        { field: 'id', in: byExternalId },
        { test: { field: 'username', op: 'eq', value: userName } },
      ],
    },
    limit: 10,
    total: false,
  });
  const people = items.map(({ staff }) => staff);
  const byCode = people.find(staff => staff.code === code);
  if (byCode !== undefined) return { staff: byCode, key: 'employeeNumber' };
  const named = people.find(staff => byExternalId.includes(staff.id));
  if (named !== undefined && code === undefined) return { staff: named, key: 'externalId' };
  const holder = people.find(staff => staff.username === userName.toLowerCase());
  if (holder === undefined) return undefined;
  // Somebody else, by their code: a user name is never given twice.
  if (code !== undefined) throw new ScimError('exists', { path: 'userName' });
  return { staff: holder, key: 'userName' };
};

/** Somebody known who is no longer in service comes back; nothing of them is made twice. */
const revive = async (
  deps: ScimDeps,
  view: ScimView,
  { staff, origin, facts, paths }: { staff: Staff; origin: string; facts: UserFacts; paths: FactPath[] },
): Promise<string> => {
  const asked = await toChange(deps.call, paths, facts, staff);
  const back = facts.active === false ? {} : { status: 'active' as const };
  const statusFrom = today();
  const outcome = await apply(deps, view, {
    ...asked,
    record: { ...asked.record, ...back, ...(facts.active === false ? {} : { statusFrom }) },
    origin,
    staffId: staff.id,
    ifVersion: staff.version,
  });
  if (outcome.outcome === 'refused') throw explainRefusal(outcome);
  await setDeleted(deps.db, view.client, staff.id, false);
  return staff.id;
};

const take = async (
  { call }: ScimDeps,
  { actor }: ScimView,
  origin: string,
  { record }: AskedChange,
): Promise<string> => {
  const [report] = await call('intake.take', {
    records: [{ origin, record }],
    source: 'hr',
    actor,
  });
  if (report?.outcome === 'to-decide') throw new ScimError('waits-for-decision');
  if (report?.outcome === 'created' && report.staffId !== undefined) return report.staffId;
  // Somebody else made the same person meanwhile, by this way or another.
  if (report?.staffId !== undefined) throw new ScimError('exists', { path: 'employeeNumber' });
  const error = report?.errors?.[0];
  // Two who hire the same person at once: the register let one through.
  if (error?.code === 'code-held-by-another') throw new ScimError('exists', { path: 'employeeNumber' });
  throw new ScimError('value-refused', { path: error?.field ?? 'User', why: error?.code ?? 'refused' });
};

/**
 * POST /Users: the HR software hires somebody. They go the way of every HR record; who is known by staff code, by
 * the client's own key or by user name and is not in service comes back.
 *
 * @throws {ScimError} 403 for any other app; 409 for somebody in service, or when a person must decide
 */
export const createUser = async (
  deps: ScimDeps,
  view: ScimView,
  origin: string,
  body: unknown,
): Promise<SeenUser> => {
  const given = requireSchema(body, scimUrns.user);
  if (view.appId !== 'hr') throw new ScimError('create-elsewhere');
  const ground = { schemas: resourceSchemas.User, seen: resourceSchemas.User };
  const user = mergeAttributes({}, given, { verb: 'replace', strict: false }, ground);
  if (typeof user.userName !== 'string') throw new ScimError('value-missing', { path: 'userName' });
  const facts = readFacts(user);
  const paths = changedFacts(readFacts({}), facts).filter(path => !proposals.includes(path));
  requireOwner(paths, view.appId);
  const code = (facts.staffCode ?? facts.employeeNumber) as string | undefined;
  const externalId = user.externalId as string | undefined;
  const known = await findKnown(deps, view, { code, userName: user.userName, externalId });
  if (known?.staff.status === 'active') throw new ScimError('exists', { path: known.key });
  if (known === undefined && code === undefined)
    throw new ScimError('value-missing', { path: 'employeeNumber' });

  let id: string;
  if (known === undefined) {
    const asked = await toChange(deps.call, paths, facts, undefined);
    const email = facts.emails === undefined ? {} : { email: String(facts.emails) };
    id = await take(deps, view, origin, { ...asked, record: { ...asked.record, ...email } });
  } else id = await revive(deps, view, { staff: known.staff, origin, facts, paths });
  if (externalId !== undefined) await setExternalId(deps.db, view.client, id, externalId);
  return readUser(deps, view, id);
};
