import { AppError, type ErrorCode } from '#hub/platform/errors.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import { applyPatch, type Ground, mergeAttributes, requireSchema } from '#hub/scim/patch/apply-patch.ts';
import { type Preconditions, requireVersion } from '#hub/scim/preconditions.ts';
import type { ScimView } from '#hub/scim/read/open-view.ts';
import { ScimError } from '#hub/scim/scim-error.ts';
import { setDeleted, setExternalId } from '#hub/scim/scim-mark-store.ts';
import { readUser, type ScimDeps, type SeenUser } from '#hub/scim/users/read-users.ts';
import { toChange } from '#hub/scim/users/to-change.ts';
import { changedFacts, ownFacts, readFacts, requireOwner } from '#hub/scim/users/user-facts.ts';
import { type ScimObject, scimUrns } from '#schemas/scim.ts';
import { resourceSchemas } from '#schemas/scim-schemas.ts';
import type { StaffChange, StaffOutcome } from '#schemas/staff.ts';

/** One write: by whom, of whom, under which request. */
export interface UserWrite {
  id: string;
  origin: string;
  preconditions: Preconditions;
}

/** What a client wants of a person, and what becomes of changes to attributes that other apps own. */
interface Wish {
  change: (user: ScimObject) => ScimObject;
  others: 'refused' | 'passed over';
}

/** Of several who change one person at once, each reads again what the other has written. */
const attempts = 4;

export const groundOf = (view: ScimView): Ground => ({ schemas: resourceSchemas.User, seen: view.user });

/** A refusal of the register as a fault. */
export const explainRefusal = ({ error }: StaffOutcome): AppError =>
  new AppError((error?.code ?? 'invalid-request') as ErrorCode, error?.params ?? {});

/** The register checks records by their schema: what it finds is a wrong value here. */
export const apply = async (
  { call }: ScimDeps,
  view: ScimView,
  change: StaffChange,
): Promise<StaffOutcome> => {
  try {
    const [outcome] = await call('staff.apply', {
      changes: [change],
      source: view.appId ?? 'scim',
      actor: view.actor,
    });
    return outcome!;
  } catch (error) {
    const fault = error instanceof AppError && error.code === 'invalid-request' ? error.faults[0] : undefined;
    if (fault === undefined) throw error;
    const path = fault.pointer?.replace(/^\/changes\/0\/(record\/|own\/)?/, '') ?? '';
    throw new ScimError('value-refused', { path, why: fault.detail ?? fault.code });
  }
};

const etagOf = ({ user }: SeenUser): string => String((user.meta as ScimObject).version);

/** Writes what differs between a person as the client saw them and as it wants them. Nothing new writes nothing. */
const writeOnce = async (
  deps: ScimDeps,
  view: ScimView,
  write: UserWrite,
  { change, others }: Wish,
): Promise<boolean> => {
  const before = await readUser(deps, view, write.id);
  requireVersion(write.preconditions, etagOf(before));
  const after = change(before.user);
  const facts = readFacts(after);
  const asked = changedFacts(readFacts(before.user), facts);
  if (others === 'refused') requireOwner(asked, view.appId);
  const changed = ownFacts(asked, view.appId);
  const { staff } = before.found;
  if (changed.length > 0) {
    const outcome = await apply(deps, view, {
      ...(await toChange(deps.call, changed, facts, staff)),
      origin: write.origin,
      staffId: staff.id,
      ifVersion: staff.version,
    });
    if (outcome.error?.code === 'conflict') return false;
    if (outcome.outcome === 'refused') throw explainRefusal(outcome);
  }
  if (before.user.externalId !== after.externalId)
    await setExternalId(deps.db, view.client, staff.id, (after.externalId as string | undefined) ?? null);
  return true;
};

const writeUser = async (deps: ScimDeps, view: ScimView, write: UserWrite, wish: Wish): Promise<SeenUser> => {
  for (let attempt = 1; attempt <= attempts; attempt += 1)
    if (await writeOnce(deps, view, write, wish)) return readUser(deps, view, write.id);
  throw new AppError('conflict');
};

/** PATCH: operations in order, all or none (RFC 7644 §3.5.2). @throws {ScimError} */
export const patchUser = (
  deps: ScimDeps,
  view: ScimView,
  write: UserWrite,
  body: unknown,
): Promise<SeenUser> =>
  writeUser(deps, view, write, {
    change: user => applyPatch(user, body, groundOf(view)),
    others: 'refused',
  });

/**
 * PUT: what is given replaces, null and empty lists empty, and what is not mentioned stays (RFC 7644 §3.5.1 leaves that
 * to the service): a client that leaves out `active` neither takes back nor lets go. What belongs to another app, or may
 * not be seen, is passed over as read-only attributes are: clients send back the whole resource as they once read it.
 *
 * @throws {ScimError}
 */
export const putUser = async (
  deps: ScimDeps,
  view: ScimView,
  write: UserWrite,
  body: unknown,
): Promise<SeenUser> => {
  const given = requireSchema(body, scimUrns.user);
  return writeUser(deps, view, write, {
    change: user => mergeAttributes(user, given, { verb: 'replace', strict: false }, groundOf(view)),
    others: 'passed over',
  });
};

/**
 * DELETE says that the person has left: the register forgets nobody. For this client they are gone until they come
 * back.
 *
 * @throws {ScimError} 403 for all but the HR software
 */
export const deleteUser = async (deps: ScimDeps, view: ScimView, write: UserWrite): Promise<void> => {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const before = await readUser(deps, view, write.id);
    if (view.appId !== 'hr') throw new ScimError('delete-elsewhere');
    requireVersion(write.preconditions, etagOf(before));
    const { staff } = before.found;
    const outcome = await apply(deps, view, {
      origin: write.origin,
      staffId: staff.id,
      ifVersion: staff.version,
      record: { name: staff.name, status: 'left', statusFrom: today() },
    });
    if (outcome.error?.code === 'conflict') continue;
    if (outcome.outcome === 'refused') throw explainRefusal(outcome);
    await setDeleted(deps.db, view.client, staff.id, true);
    return;
  }
  throw new AppError('conflict');
};
