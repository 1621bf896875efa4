import { readGroup } from '#hub/scim/groups/read-groups.ts';
import { hasVersion, type Preconditions } from '#hub/scim/preconditions.ts';
import type { ScimView } from '#hub/scim/read/open-view.ts';
import { project } from '#hub/scim/read/project.ts';
import type { Wanted } from '#hub/scim/read/read-question.ts';
import { ScimError } from '#hub/scim/scim-error.ts';
import { deleteUser, patchUser, putUser } from '#hub/scim/users/change-user.ts';
import { createUser } from '#hub/scim/users/create-user.ts';
import { readUser, type ScimDeps } from '#hub/scim/users/read-users.ts';
import type { ScimObject } from '#schemas/scim.ts';

/** One request about one resource, whether it came alone or among others in a bulk. */
export interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  kind: 'Users' | 'Groups';
  /** Absent: the collection. */
  id?: string;
  body?: unknown;
  preconditions: Preconditions;
  wanted: Wanted;
  /** Names the request in the register's history: applied once. */
  origin: string;
}

/** What became of it. Without a resource there is nothing to say: 204 or 304. */
export interface Performed {
  status: number;
  resource?: ScimObject;
  location?: string;
  version?: string;
}

const told = (status: number, resource: ScimObject, { wanted }: Operation, view: ScimView): Performed => {
  const { location, version } = resource.meta as { location: string; version: string };
  const schemas = (resource.meta as ScimObject).resourceType === 'User' ? view.user : view.group;
  return { status, resource: project(resource, wanted, schemas), location, version };
};

const performUser = async (deps: ScimDeps, view: ScimView, operation: Operation): Promise<Performed> => {
  const { method, id, body, origin, preconditions } = operation;
  if (id === undefined) {
    if (method !== 'POST') throw new ScimError('syntax', { what: `${method} /Users/{id}` });
    return told(201, (await createUser(deps, view, origin, body)).user, operation, view);
  }
  const write = { id, origin, preconditions };
  switch (method) {
    case 'GET': {
      const { user } = await readUser(deps, view, id);
      const answer = told(200, user, operation, view);
      const { resource: _known, ...unchanged } = answer;
      return hasVersion(preconditions, answer.version!) ? { ...unchanged, status: 304 } : answer;
    }
    case 'PUT':
      return told(200, (await putUser(deps, view, write, body)).user, operation, view);
    case 'PATCH':
      return told(200, (await patchUser(deps, view, write, body)).user, operation, view);
    case 'DELETE':
      await deleteUser(deps, view, write);
      return { status: 204 };
    case 'POST':
      throw new ScimError('syntax', { what: 'POST /Users' });
  }
};

/** Units are the hub's own: they are read here and changed elsewhere. */
const performGroup = async (deps: ScimDeps, view: ScimView, operation: Operation): Promise<Performed> => {
  const { method, id, wanted, preconditions } = operation;
  if (id === undefined) throw new ScimError('units-only');
  const group = await readGroup(deps, view, id, wanted);
  if (method !== 'GET') throw new ScimError('units-only');
  const answer = told(200, group, operation, view);
  const { resource: _known, ...unchanged } = answer;
  return hasVersion(preconditions, answer.version!) ? { ...unchanged, status: 304 } : answer;
};

/** Does what one request asks. @throws {ScimError} */
export const perform = (deps: ScimDeps, view: ScimView, operation: Operation): Promise<Performed> =>
  operation.kind === 'Users' ? performUser(deps, view, operation) : performGroup(deps, view, operation);
