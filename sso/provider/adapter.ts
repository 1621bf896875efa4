import Provider, { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Database } from '#hub/platform/database.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import {
  consumeRecord,
  findRecord,
  findRecords,
  findSession,
  findUserCode,
  type OidcRecord,
  putRecord,
  removeOfGrant,
  removeRecord,
} from '#sso/provider/oidc-records-store.ts';
import { sha256 } from '#sso/sha-256.ts';

const purpose = 'oidc-record-id';
/** These are found by another name than their id, and then changed under it. */
const foundOtherwise = new Set(['Session', 'DeviceCode']);
/**
 * Introspection and revocation look for a token as each of these at the same time: one question for all, which the
 * other two of the same request wait for.
 */
const tokenModels = ['AccessToken', 'ClientCredentials', 'RefreshToken'];
const asked = new WeakMap<object, Map<string, ReturnType<typeof findRecords>>>();

const findToken = async (db: Database, model: string, id: string): Promise<OidcRecord | undefined> => {
  const request = Provider.ctx;
  if (request === undefined) return findRecord(db, model, sha256(id));
  const questions = asked.get(request) ?? new Map();
  asked.set(request, questions);
  const answer = questions.get(id) ?? findRecords(db, tokenModels, sha256(id));
  questions.set(id, answer);
  return (await answer).find((record: { model: string }) => record.model === model);
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
export const createAdapter = (
  { db, secrets }: { db: Database; secrets: Secrets },
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
      await putRecord(db, {
        model,
        idHash: sha256(id),
        payload,
        sealedId: foundOtherwise.has(model) ? secrets.seal(purpose, id) : undefined,
        userCodeHash: payload.userCode === undefined ? undefined : sha256(payload.userCode),
        expiresIn,
      });
    },
    async find(id) {
      const found = tokenModels.includes(model)
        ? await findToken(db, model, id)
        : await findRecord(db, model, sha256(id));
      return found && shown(id, found);
    },
    findByUid: async uid => opened(await findSession(db, uid)),
    findByUserCode: async userCode => opened(await findUserCode(db, model, sha256(userCode))),
    async consume(id) {
      if (!(await consumeRecord(db, model, sha256(id))))
        throw new errors.InvalidGrant('it was used by another request');
    },
    destroy: id => removeRecord(db, model, sha256(id)),
    revokeByGrantId: grantId => removeOfGrant(db, grantId),
  };
};
