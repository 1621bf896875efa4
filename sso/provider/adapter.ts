import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Database } from '#hub/platform/database.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import {
  createSeek,
  findGivenOut,
  givenOut,
  keyOf,
  keyOfSession,
  type Seek,
  takeCompany,
} from '#sso/provider/given-out.ts';
import {
  consumeRecord,
  findRecord,
  findSession,
  findUserCode,
  type OidcRecord,
  removeOfGrant,
  replaceRecord,
} from '#sso/provider/oidc-records-store.ts';
import type { RequestWrites } from '#sso/provider/request-writes.ts';
import { sha256 } from '#sso/sha-256.ts';

const purpose = 'oidc-record-id';
/** These are found by another name than their id, and then changed under it. */
const foundOtherwise = new Set(['Session', 'DeviceCode']);
/** What PostgreSQL's jsonb cannot hold (NUL) is no valid request either. */
const refuseNul = (payload: unknown): void => {
  if (JSON.stringify(payload).includes('\\u0000')) throw new errors.InvalidRequest('a parameter holds NUL');
};

/**
 * Keeps one model of the provider in PostgreSQL. Ids are kept as hashes; a code or a refresh token is consumed by
 * compare-and-set, since the library itself looks first and marks afterwards: of many who present one at the
 * same moment one wins.
 */
export const createAdapters = ({
  db,
  secrets,
  writes,
}: {
  db: Database;
  secrets: Secrets;
  writes: RequestWrites;
}) => {
  const seek = createSeek(db);
  return (model: string): Adapter => createAdapter({ db, secrets, writes, seek }, model);
};

const createAdapter = (
  { db, secrets, writes, seek }: { db: Database; secrets: Secrets; writes: RequestWrites; seek: Seek },
  model: string,
): Adapter => {
  const shown = (id: string, { payload, consumedAt }: OidcRecord): AdapterPayload => ({
    ...payload,
    jti: id,
    ...(consumedAt === null ? {} : { consumed: consumedAt }),
  });
  const opened = (found: OidcRecord | undefined): AdapterPayload | undefined =>
    found?.sealedId ? shown(secrets.open(purpose, found.sealedId), found) : undefined;
  return {
    async upsert(id, { jti: _id, ...payload }, expiresIn) {
      refuseNul(payload);
      const record = {
        model,
        idHash: sha256(id),
        payload,
        sealedId: foundOtherwise.has(model) ? secrets.seal(purpose, id) : undefined,
        userCodeHash: payload.userCode === undefined ? undefined : sha256(payload.userCode),
        expiresIn,
      };
      // What ends everything of a person may have ended this sign-in since it was read: then it goes on no more.
      if (model !== 'Interaction' || payload.result === undefined) await writes.put(record);
      else if (!(await replaceRecord(db, record)))
        throw new errors.SessionNotFound('interaction session not found');
    },
    async find(id) {
      const found = givenOut.includes(model)
        ? await findGivenOut(seek, model, id)
        : (takeCompany(keyOf(model, sha256(id))) ?? (await findRecord(db, model, sha256(id))));
      return found && shown(id, found);
    },
    findByUid: async uid => opened(takeCompany(keyOfSession(uid)) ?? (await findSession(db, uid))),
    findByUserCode: async userCode => opened(await findUserCode(db, model, sha256(userCode))),
    async consume(id) {
      if (!(await consumeRecord(db, model, sha256(id))))
        throw new errors.InvalidGrant('it was used by another request');
    },
    destroy: id => writes.remove({ model, idHash: sha256(id) }),
    revokeByGrantId: grantId => removeOfGrant(db, grantId),
  };
};
