import { ScimRefusal } from './scim-error.ts';
import { enterprise, type UserRow } from './user.ts';

const readers: Record<string, (row: UserRow) => unknown> = {
  id: row => row.id,
  username: row => row.userName.toLowerCase(),
  externalid: row => row.externalId,
  [`${enterprise}:employeeNumber`.toLowerCase()]: row => row[enterprise]?.employeeNumber,
};

/** `<attribute> eq "<JSON string>"` (RFC 7644 §3.4.2.2), which is all that this provider offers. */
export const parseFilter = (text: string): ((row: UserRow) => boolean) => {
  const [, attribute = '', literal = ''] = /^([\w.:-]+) eq (.+)$/i.exec(text) ?? [];
  const read = readers[attribute.toLowerCase()];
  if (read === undefined) throw new ScimRefusal(400, 'invalidFilter');
  let value: unknown;
  try {
    value = JSON.parse(literal);
  } catch {
    throw new ScimRefusal(400, 'invalidFilter');
  }
  if (typeof value !== 'string') throw new ScimRefusal(400, 'invalidFilter');
  const wanted = attribute.toLowerCase() === 'username' ? value.toLowerCase() : value;
  return row => read(row) === wanted;
};
