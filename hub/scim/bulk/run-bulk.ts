import { AppError } from '#hub/platform/errors.ts';
import type { Language } from '#hub/platform/messages.ts';
import { referencesIn, resolveReferences } from '#hub/scim/bulk/references.ts';
import { property, requireSchema } from '#hub/scim/patch/apply-patch.ts';
import { type Operation, type Performed, perform } from '#hub/scim/perform.ts';
import type { ScimView } from '#hub/scim/read/open-view.ts';
import { describeError, ScimError } from '#hub/scim/scim-error.ts';
import type { ScimDeps } from '#hub/scim/users/read-users.ts';
import { type ScimObject, scimLimits, scimUrns } from '#schemas/scim.ts';

interface BulkOperation {
  nr: number;
  method: string;
  path: string;
  bulkId: string | undefined;
  version: string | undefined;
  data: unknown;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const readOperation = (given: unknown, nr: number): BulkOperation => {
  const item = (typeof given === 'object' && given !== null ? given : {}) as ScimObject;
  const method = text(property(item, 'method'))?.toUpperCase();
  const path = text(property(item, 'path'));
  const bulkId = text(property(item, 'bulkId'));
  if (method === undefined || path === undefined)
    throw new ScimError('syntax', { what: `Operations[${nr}]: method, path` });
  if (method === 'POST' && bulkId === undefined)
    throw new ScimError('syntax', { what: `Operations[${nr}]: bulkId` });
  return { nr, method, path, bulkId, version: text(property(item, 'version')), data: property(item, 'data') };
};

const methods = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;

const toOperation = ({ method, path, version, data, nr }: BulkOperation, origin: string): Operation => {
  const [, kind, id] = /^\/?(Users|Groups)(?:\/([^/?]+))?$/.exec(path) ?? [];
  const known = methods.find(name => name === method);
  if (kind === undefined || known === undefined) throw new ScimError('syntax', { what: `${method} ${path}` });
  return {
    method: known,
    kind: kind as Operation['kind'],
    ...(id === undefined ? {} : { id }),
    body: data,
    preconditions: { ifMatch: version, ifNoneMatch: undefined },
    wanted: { attributes: undefined, excluded: [] },
    origin: `${origin}/${nr}`,
  };
};

/**
 * Many operations in one request (RFC 7644 §3.7), each on its own: what failed undoes nothing. One that names the
 * `bulkId` of another waits for it, wherever it stands; in a circle both fail with 409. After `failOnErrors` faults
 * the rest is not begun, and not answered.
 *
 * @throws {ScimError} 413 for too many operations; `invalidSyntax` for what is no bulk request
 */
export const runBulk = async (
  deps: ScimDeps,
  view: ScimView,
  { body, origin, language }: { body: unknown; origin: string; language: Language },
): Promise<ScimObject> => {
  const request = requireSchema(body, scimUrns.bulkRequest);
  const given = property(request, 'Operations');
  if (!Array.isArray(given)) throw new ScimError('syntax', { what: 'Operations' });
  if (given.length > scimLimits.bulkOperations)
    throw new ScimError('too-many-operations', { max: scimLimits.bulkOperations });
  const failOnErrors = Number(property(request, 'failOnErrors') ?? Number.POSITIVE_INFINITY);
  const waiting = given.map(readOperation);
  const answers: ScimObject[] = [];
  /** By bulk id: the resource's id, or null where its operation failed. */
  const done = new Map<string, string | null>();
  let errors = 0;

  const answer = (operation: BulkOperation, result: Performed | AppError): void => {
    const { method, bulkId, nr } = operation;
    const failed = result instanceof AppError;
    if (failed) errors += 1;
    if (bulkId !== undefined) done.set(bulkId, failed ? null : (result.location?.split('/').at(-1) ?? null));
    const location = failed
      ? undefined
      : (result.location ?? `${view.base}/${operation.path.replace(/^\//, '')}`);
    answers[nr] = {
      ...(location === undefined ? {} : { location }),
      method,
      ...(bulkId === undefined ? {} : { bulkId }),
      ...(failed || result.version === undefined ? {} : { version: result.version }),
      status: String(result.status),
      ...(failed ? { response: describeError(result, language) } : {}),
    };
  };

  while (waiting.length > 0 && errors < failOnErrors) {
    // The first whose references are all known; when there is none, the first fails.
    const ready = waiting.findIndex(one => referencesIn(one).every(id => done.has(id)));
    const [operation] = waiting.splice(Math.max(ready, 0), 1);
    try {
      const resolved = resolveReferences(operation!, done);
      answer(operation!, await perform(deps, view, toOperation(resolved, origin)));
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500) throw error;
      answer(operation!, error);
    }
  }
  return { schemas: [scimUrns.bulkResponse], Operations: answers.filter(one => one !== undefined) };
};
