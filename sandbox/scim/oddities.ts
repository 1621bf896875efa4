import type { AppAnswer } from '#sandbox/kit/app-server.ts';

/** How providers in the field depart from the RFCs; none by default. */
export interface Oddities {
  /** `"True"` and `"False"` for `active`. */
  textActive?: boolean;
  /** Neither `meta` nor `ETag`. */
  noMeta?: boolean;
  /** No `Resources` in an empty list. */
  noEmptyResources?: boolean;
  /** 200 where the RFC has 201. */
  plainOk?: boolean;
  /** 204 after PATCH, 201 without a body after POST: both are allowed or nearly so. */
  silent?: boolean;
  /** What is told instead of the number of all that match. */
  total?: (all: number, onPage: number) => number;
  /** Attribute names in lower case, names of schemas in upper case. */
  otherCase?: boolean;
  /** Closed accounts are not found by their key, only by user name. */
  hidesClosed?: boolean;
  /** No page has more than this, whatever was asked for. */
  shortPages?: number;
  ignoresFilter?: boolean;
  /** Nobody is found by an attribute of an extension. */
  filtersCoreOnly?: boolean;
  ignoresStart?: boolean;
  /** Everybody in one page, whatever was asked for. */
  ignoresPaging?: boolean;
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const rename = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(rename);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.startsWith('urn:') ? name.toUpperCase() : name.toLowerCase(),
      rename(inner),
    ]),
  );
};

const spoilUser = (user: Json, oddities: Oddities): Json => {
  const { meta, ...rest } = user;
  return {
    ...rest,
    ...(oddities.noMeta ? {} : { meta }),
    ...(oddities.textActive ? { active: user.active ? 'True' : 'False' } : {}),
  };
};

/** The answer as a provider with these oddities would give it. */
export const spoilAnswer = (answer: AppAnswer, method: string, oddities: Oddities): AppAnswer => {
  const status = answer.status ?? 200;
  if (status >= 300 || !isObject(answer.json)) return answer;
  if (oddities.silent && method === 'PATCH') return { status: 204 };
  if (oddities.silent && method === 'POST') return { status: 201 };
  let json: Json = answer.json;
  if (Array.isArray(json.Resources)) {
    const { Resources, ...rest } = json as { Resources: Json[]; totalResults: number };
    if (oddities.total) rest.totalResults = oddities.total(rest.totalResults, Resources.length);
    const isLeftOut = oddities.noEmptyResources && Resources.length === 0;
    json = isLeftOut ? rest : { ...rest, Resources: Resources.map(user => spoilUser(user, oddities)) };
  } else if ('userName' in json) json = spoilUser(json, oddities);
  const { etag, ...headers } = answer.headers ?? {};
  return {
    status: oddities.plainOk ? 200 : status,
    headers: { ...headers, ...(etag === undefined || oddities.noMeta ? {} : { etag }) },
    json: oddities.otherCase ? rename(json) : json,
  };
};
