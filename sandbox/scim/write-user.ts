import { parseBody } from '#sandbox/kit/parse-body.ts';
import { ScimRefusal } from './scim-error.ts';
import { fits, type UserRow, writable } from './user.ts';

type Values = Record<string, unknown>;

const readOnly = ['id', 'meta', 'schemas', 'groups'];

const readJson = (body: string): Values => {
  const values = parseBody(body);
  if (values === undefined || !Array.isArray(values.schemas)) throw new ScimRefusal(400, 'invalidSyntax');
  return values;
};

/** POST and PUT: the whole user. Read-only attributes are passed over (RFC 7644 §3.5.1). */
export const readUser = (body: string): Omit<UserRow, 'id' | 'version'> => {
  const { active = true, ...values } = readJson(body);
  if (typeof values.userName !== 'string' || values.userName.trim() === '')
    throw new ScimRefusal(400, 'invalidValue');
  const schemas = values.schemas as string[];
  const row: Values = {};
  for (const [attribute, value] of Object.entries({ active, ...values })) {
    if (readOnly.includes(attribute)) continue;
    const undeclared = attribute.startsWith('urn:') && !schemas.includes(attribute);
    if (undeclared || !fits(attribute, value)) throw new ScimRefusal(400, 'invalidValue');
    row[attribute] = value;
  }
  return row as Omit<UserRow, 'id' | 'version'>;
};

const parsePath = (path: string): [attribute: string, sub: string | undefined] => {
  const [, schema, first = '', second] = /^(?:(urn:.+):)?(\w+)(?:\.(\w+))?$/.exec(path) ?? [];
  return schema === undefined ? [first, second] : [schema, first];
};

const change = (row: Values, op: string, path: string, value: unknown): void => {
  const [attribute, sub] = parsePath(path);
  if (readOnly.includes(attribute)) throw new ScimRefusal(400, 'mutability');
  const kind = writable[attribute];
  if (kind === undefined || (sub !== undefined && !kind.sub?.includes(sub)))
    throw new ScimRefusal(400, 'invalidPath');
  if (op === 'remove' && sub === undefined) {
    if (['userName', 'active'].includes(attribute)) throw new ScimRefusal(400, 'invalidValue');
    delete row[attribute];
    return;
  }
  const before = (row[attribute] ?? {}) as Values;
  const { [sub ?? '']: _removed, ...rest } = before;
  const next = sub === undefined ? value : op === 'remove' ? rest : { ...before, [sub]: value };
  if (!fits(attribute, next)) throw new ScimRefusal(400, 'invalidValue');
  row[attribute] = next;
};

/** PATCH (RFC 7644 §3.5.2): operations in order, all or none. */
export const patchUser = (row: UserRow, body: string): UserRow => {
  const { schemas, Operations } = readJson(body);
  if (!(schemas as string[]).includes('urn:ietf:params:scim:api:messages:2.0:PatchOp'))
    throw new ScimRefusal(400, 'invalidSyntax');
  if (!Array.isArray(Operations) || Operations.length === 0) throw new ScimRefusal(400, 'invalidSyntax');
  const next = structuredClone(row) as unknown as Values;
  for (const { op, path, value } of Operations as { op: string; path?: string; value?: unknown }[]) {
    if (!['add', 'replace', 'remove'].includes(op) || path === undefined)
      throw new ScimRefusal(400, 'invalidSyntax');
    change(next, op, path, value);
  }
  return next as unknown as UserRow;
};
