import Provider, { type KoaContextWithOIDC } from 'oidc-provider';
import type { Database } from '#hub/platform/database.ts';
import { type NewRecord, putRecords, type RecordId } from '#sso/provider/oidc-records-store.ts';

interface Writes {
  put: NewRecord[];
  remove: RecordId[];
}

/**
 * Where the session is written last, and before the answer. What comes before it there waits for it: one statement, and all
 * of it or nothing.
 */
const routes = new Set(['authorization', 'resume']);
const waits = new Set(['Grant', 'AuthorizationCode']);

const isSame = (one: RecordId, other: RecordId): boolean =>
  one.model === other.model && one.idHash.equals(other.idHash);

/** Writes of the provider, those of one sign-in together. */
export const createRequestWrites = (db: Database) => {
  const waiting = new WeakMap<object, Writes>();
  const writesOf = (): Writes | undefined => {
    const request = Provider.ctx;
    if (request === undefined || !routes.has(request.oidc.route)) return undefined;
    const known = waiting.get(request) ?? { put: [], remove: [] };
    waiting.set(request, known);
    return known;
  };
  const write = async (writes: Writes): Promise<void> => {
    const { put, remove } = writes;
    [writes.put, writes.remove] = [[], []];
    if (put.length + remove.length > 0) await putRecords(db, put, remove);
  };
  return {
    async put(record: NewRecord): Promise<void> {
      const together = writesOf();
      const writes = together ?? { put: [], remove: [] };
      writes.put = [...writes.put.filter(other => !isSame(other, record)), record];
      if (together === undefined || !waits.has(record.model)) await write(writes);
    },
    async remove(id: RecordId): Promise<void> {
      const writes = writesOf();
      if (writes !== undefined && id.model === 'Interaction') writes.remove.push(id);
      else await write({ put: [], remove: [id] });
    },
    /** Writes what waits still, where no session was written after it. */
    async settle(request: KoaContextWithOIDC): Promise<void> {
      const writes = waiting.get(request);
      if (writes !== undefined) await write(writes);
    },
  };
};
export type RequestWrites = ReturnType<typeof createRequestWrites>;
