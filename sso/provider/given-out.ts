import Provider from 'oidc-provider';
import type { Database } from '#hub/platform/database.ts';
import { askTogether } from '#sso/ask-together.ts';
import { findRecords, type NamedRecord, type OidcRecord } from '#sso/provider/oidc-records-store.ts';
import { sha256 } from '#sso/sha-256.ts';

/** Tokens and codes: found by who presents them, and then their grant and session are sought. */
export const givenOut = ['AccessToken', 'AuthorizationCode', 'ClientCredentials', 'RefreshToken'];
type Found = Map<string, NamedRecord>;
export const keyOf = (model: string, idHash: Buffer): string => `${model} ${idHash.toString('base64')}`;
export const keyOfSession = (uid: string): string => `Session ${uid}`;

/**
 * What this request has been told of a token or a code, with the grant and the session behind it. Introspection looks for a
 * token as each of three kinds at the same time: one question for all. A grant or session is taken from here once.
 */
interface Asked {
  idHash: Buffer;
  answer: Promise<Found>;
}
interface Told {
  asked: Map<string, Asked>;
  company: Found;
}
const told = new WeakMap<object, Told>();
const toldTo = (request: object): Told => {
  const known = told.get(request) ?? { asked: new Map(), company: new Map() };
  told.set(request, known);
  return known;
};
/** The grant or session of a token that this request has found. */
export const takeCompany = (key: string): OidcRecord | undefined => {
  const company = Provider.ctx && told.get(Provider.ctx)?.company;
  const found = company?.get(key);
  company?.delete(key);
  return found;
};

export type Seek = (idHash: Buffer) => Promise<Found>;

/** Seeks tokens and codes of all requests that come together by one statement. */
export const createSeek = (db: Database): Seek =>
  askTogether(async idHashes => {
    const found: Found = new Map();
    for (const record of await findRecords(db, givenOut, idHashes)) {
      found.set(keyOf(record.model, record.idHash), record);
      if (record.uid !== null) found.set(keyOfSession(record.uid), record);
    }
    return found;
  });

const askFor = (seek: Seek, id: string): Asked => {
  const idHash = sha256(id);
  return { idHash, answer: seek(idHash) };
};

/** A token or a code, and for this request what it came from. */
export const findGivenOut = async (
  seek: Seek,
  model: string,
  id: string,
): Promise<OidcRecord | undefined> => {
  // Outside a request nothing is kept.
  const { asked, company } = toldTo(Provider.ctx ?? {});
  const known = asked.get(id) ?? askFor(seek, id);
  asked.set(id, known);
  const found = await known.answer;
  const record = found.get(keyOf(model, known.idHash));
  const { grantId, sessionUid } = (record?.payload ?? {}) as { grantId?: string; sessionUid?: string };
  for (const key of [grantId && keyOf('Grant', sha256(grantId)), sessionUid && keyOfSession(sessionUid)]) {
    const other = key && found.get(key);
    if (other) company.set(key, other);
  }
  return record;
};
