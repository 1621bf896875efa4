import { ConnectorError } from '#connectors/kit/errors.ts';
import type { ScimUser } from './answers.ts';
import type { ScimClient } from './client.ts';

/** Where the next page begins; `first` is the id that this page began with. Opaque to the hub. */
interface Place {
  size: number;
  start?: number;
  cursor?: string;
  first?: string;
}
type Listed = { users: ScimUser[]; next?: string };

const again = (): ConnectorError =>
  new ConnectorError('unexpected-answer', 'the app answers the same page again and again');

/** Pages by cursor (RFC 9865): the provider says when it is over. */
const byCursor = async (client: ScimClient, place: Place, signal: AbortSignal): Promise<Listed> => {
  const { cursor = '', size } = place;
  const { users, nextCursor } = await client.page({ cursor, count: String(size) }, signal);
  if (nextCursor === undefined || nextCursor === '') return { users };
  if (nextCursor === cursor) throw again();
  return { users, next: JSON.stringify({ size, cursor: nextCursor } satisfies Place) };
};

/**
 * Pages by index (RFC 7644 §3.4.2.4). `totalResults` is not trusted: some providers tell the size of the page.
 * A full page is followed by another; a shorter or a longer one ends it when the total agrees; an empty one always.
 */
const byIndex = async (client: ScimClient, place: Place, signal: AbortSignal): Promise<Listed> => {
  const { start = 1, size, first } = place;
  const { users, told, total } = await client.page({ startIndex: `${start}`, count: `${size}` }, signal);
  if (!told && start === 1 && total > 0)
    throw new ConnectorError('unexpected-answer', 'the app tells of accounts but shows none');
  if (users.length === 0) return { users };
  if (users[0]?.id === first) throw again();
  const seen = start - 1 + users.length;
  // As many as asked for: there may be more, whatever the total says. More than asked for: the provider does not page.
  if (users.length !== size && !(total > seen)) return { users };
  const next: Place = { size, start: seen + 1, first: users[0]!.id };
  return { users, next: JSON.stringify(next) };
};

/** One page of users, in whichever way the provider declares. */
export const listUsers = async (
  client: ScimClient,
  request: { cursor?: string; limit: number },
  pageSize: number,
  signal: AbortSignal,
): Promise<Listed> => {
  const { pagination } = await client.getConfig(signal);
  const size = Math.max(1, Math.min(request.limit, pageSize, pagination?.maxPageSize || pageSize));
  const place = request.cursor === undefined ? { size } : (JSON.parse(request.cursor) as Place);
  const isCursor = place.cursor !== undefined || (place.start === undefined && pagination?.cursor === true);
  return isCursor ? byCursor(client, place, signal) : byIndex(client, place, signal);
};
