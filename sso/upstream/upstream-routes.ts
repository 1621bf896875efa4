import { Type } from 'typebox';
import { AppError } from '#hub/platform/errors.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import { decodeCursor, toPage } from '#hub/platform/http/cursor.ts';
import { Reply, type Route, type RouteRequest } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import {
  UnlinkedAccount,
  UpstreamCheck,
  UpstreamComparison,
  UpstreamSource,
  UpstreamSourcePut,
  unlinkedReasons,
} from '#schemas/upstream.ts';
import { compareSource } from '#sso/upstream/compare-source.ts';
import type { UpstreamIdentity } from '#sso/upstream/identity.ts';
import { checkDirectory } from '#sso/upstream/ldap/check-directory.ts';
import { DirectoryFault, withDirectory } from '#sso/upstream/ldap/directory.ts';
import { readEntries } from '#sso/upstream/ldap/read-entries.ts';
import { checkOpenId } from '#sso/upstream/openid/check-openid.ts';
import { putSource } from '#sso/upstream/put-source.ts';
import { findSource, openSources, showSource } from '#sso/upstream/show-source.ts';
import type { LdapSource } from '#sso/upstream/source.ts';
import { unlinkPerson } from '#sso/upstream/unlink-person.ts';
import { readUnlinked } from '#sso/upstream/unlinked-store.ts';

const common = { tag: 'sso', scope: 'admin' } as const;
const params = Type.Object({ id: Type.String() });
const path = '/api/v1/sign-on/sources';
const byOf = ({ caller, requestId }: RouteRequest) => ({ actor: actorOf(caller), requestId });

const listDirectory = async (source: LdapSource): Promise<UpstreamIdentity[]> => {
  try {
    return await withDirectory(source.settings, async client => {
      const accounts: UpstreamIdentity[] = [];
      for await (const page of readEntries(client, source)) accounts.push(...page);
      return accounts;
    });
  } catch (error) {
    if (!(error instanceof DirectoryFault)) throw error;
    const fault = { pointer: '/id', code: 'directory-away', detail: error.message };
    throw new AppError('not-ready', {}, { cause: error, faults: [fault] });
  }
};

/** Older systems that know people's passwords: how they are reached, whether they answer, and whom they do not fit. */
export const upstreamRoutes = (context: PartContext): Route[] => [
  {
    ...common,
    method: 'GET',
    path,
    summary: 'Lists the older systems by which people sign in',
    answer: Type.Object({ items: Type.Array(UpstreamSource) }),
    handle: async () => ({
      items: await Promise.all((await openSources(context)).map(source => showSource(context, source))),
    }),
  },
  {
    ...common,
    method: 'GET',
    path: `${path}/{id}`,
    summary: 'Shows one older system',
    params,
    answer: UpstreamSource,
    handle: async ({ params }) => showSource(context, await findSource(context, params.id!)),
  },
  {
    ...common,
    method: 'PUT',
    path: `${path}/{id}`,
    summary: 'Configures an older system, or changes it',
    description:
      'What is absent keeps its value; a secret sent as "…" too. A new one needs name, key and either openid or ldap, and is switched off unless enabled is true.',
    params: Type.Object({ id: Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' }) }),
    body: UpstreamSourcePut,
    answer: UpstreamSource,
    async handle(request) {
      const shown = await putSource(context, {
        id: request.params.id!,
        source: request.body as UpstreamSourcePut,
        ...byOf(request),
      });
      context.wake.notify('upstreams');
      return shown;
    },
  },
  {
    ...common,
    method: 'POST',
    path: `${path}/{id}/check`,
    summary: 'Tries whether an older system answers as configured; nothing is changed',
    params,
    answer: UpstreamCheck,
    async handle({ params }) {
      const source = await findSource(context, params.id!);
      return source.kind === 'ldap' ? checkDirectory(source) : checkOpenId(source);
    },
  },
  {
    ...common,
    method: 'POST',
    path: `${path}/{id}/compare`,
    summary: 'Compares all accounts of a directory with the register and makes the report anew',
    params,
    answer: UpstreamComparison,
    async handle(request) {
      const source = await findSource(context, request.params.id!);
      if (source.kind !== 'ldap')
        throw new AppError('invalid-request', {}, { faults: [{ pointer: '/id', code: 'no-directory' }] });
      return compareSource(context, source, await listDirectory(source), byOf(request));
    },
  },
  {
    ...common,
    method: 'DELETE',
    path: `${path}/{id}/links/{staffId}`,
    summary: "Takes a person's link away, when their account there was made anew",
    params: Type.Object({ id: Type.String(), staffId: Type.String() }),
    status: 204,
    async handle(request) {
      const { id, staffId } = request.params as { id: string; staffId: string };
      await unlinkPerson(context.db, { sourceId: id, staffId, ...byOf(request) });
      return new Reply(204, undefined);
    },
  },
  {
    ...common,
    method: 'GET',
    path: '/api/v1/sign-on/unlinked',
    summary: 'Lists accounts of older systems that belong to nobody here, and why',
    query: Type.Object({
      source: Type.Optional(Type.String()),
      reason: Type.Optional(Type.String({ enum: [...unlinkedReasons] })),
      cursor: Type.Optional(Type.String()),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    }),
    answer: Type.Object({ items: Type.Array(UnlinkedAccount), next: Type.Optional(Type.String()) }),
    async handle({ query }) {
      const limit = Number(query.limit ?? 100);
      const after = decodeCursor(query.cursor, ['string', 'string']) as [string, string] | undefined;
      const rows = await readUnlinked(context.db, {
        sourceId: query.source,
        reason: query.reason,
        after,
        limit: limit + 1,
      });
      return toPage(rows, limit, ({ sourceId, subject }) => [sourceId, subject]);
    },
  },
];
