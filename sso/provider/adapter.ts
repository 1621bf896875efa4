import Provider, { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Database } from '#hub/platform/database.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import { askTogether } from '#sso/ask-together.ts';
import {
  consumeRecord,
  findRecord,
  findRecords,
  findSession,
  findUserCode,
  type NamedRecord,
  type OidcRecord,
  removeOfGrant,
  replaceRecord,
} from '#sso/provider/oidc-records-store.ts';
import type { RequestWrites } from '#sso/provider/request-writes.ts';
import { sha256 } from '#sso/sha-256.ts';

const purpose = 'oidc-record-id';
/** These are found by another name than their id, and then changed under it. */
const foundOtherwise = new Set(['Session', 'DeviceCode']);
/** These are found by what they were given to, and then their grant and session are sought. */
const givenOut = ['AccessToken', 'AuthorizationCode', 'ClientCredentials', 'RefreshToken'];
type Found = Map<string, NamedRecord>;
const keyOf = (model: string, idHash: Buffer): string => `${model} ${idHash.toString('base64')}`;
const keyOfSession = (uid: string): string => `Session ${uid}`;

/**
 * What this request has been told of a token or a code, with the grant and the session behind it. Introspection looks for a
 * token as each of three kinds at the same time: one question for all. A grant or session is taken from here once.
 */
const told = new WeakMap<object, { asked: Map<string, Promise<Found>>; company: Found }>();
const toldTo = (request: object) => {
  const known = told.get(request) ?? { asked: new Map<string, Promise<Found>>(), company: new Map() };
  told.set(request, known);
  return known;
};
const takeCompany = (key: string): OidcRecord | undefined => {
  const company = Provider.ctx && told.get(Provider.ctx)?.company;
  const found = company?.get(key);
  company?.delete(key);
  return found;
};

type Seek = (idHash: Buffer) => Promise<Found>;

/** Seeks tokens and codes of all requests that come together by one statement. */
const createSeek = (db: Database): Seek =>
  askTogether(async idHashes => {
    const found: Found = new Map();
    for (const record of await findRecords(db, givenOut, idHashes)) {
      found.set(keyOf(record.model, record.idHash), record);
      if (record.uid !== null) found.set(keyOfSession(record.uid), record);
    }
    return found;
  });

const findGivenOut = async (seek: Seek, model: string, id: string): Promise<OidcRecord | undefined> => {
  const idHash = sha256(id);
  const request = Provider.ctx;
  if (request === undefined) return (await seek(idHash)).get(keyOf(model, idHash));
  const { asked, company } = toldTo(request);
  const answer = asked.get(id) ?? seek(idHash);
  asked.set(id, answer);
  const found = await answer;
  const record = found.get(keyOf(model, idHash));
  const { grantId, sessionUid } = (record?.payload ?? {}) as { grantId?: string; sessionUid?: string };
  for (const key of [grantId && keyOf('Grant', sha256(grantId)), sessionUid && keyOfSession(sessionUid)]) {
    const other = key && found.get(key);
    if (other) company.set(key, other);
  }
  return record;
};

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
