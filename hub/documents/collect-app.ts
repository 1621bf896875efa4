import { packDocument, packStatus } from '#edxml/pack.ts';
import { acceptDocument } from '#hub/documents/accept-document.ts';
import { DocumentFault, faultOf } from '#hub/documents/document-fault.ts';
import { advanceFeed, leaseFeed, releaseFeed } from '#hub/documents/feed-store.ts';
import { readOrgans } from '#hub/documents/organs.ts';
import { quarantine } from '#hub/documents/quarantine.ts';
import { takeStatus } from '#hub/documents/take-status.ts';
import { inTransaction } from '#hub/platform/database.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { DocumentStatus, SentDocument } from '#schemas/document.ts';

const pageSize = 20;

/** Walks one list of an app from where it was read to; `take` must have kept an item when it answers. */
const walk = async <T extends { cursor: string }>(
  { db, call, log }: PartContext,
  app: string,
  method: 'issued' | 'statuses',
  take: (item: T) => Promise<void>,
): Promise<number> => {
  const source = `${method}/${app}`;
  const feed = await leaseFeed(db, source);
  if (feed === undefined) return 0;
  let count = 0;
  try {
    const after = feed.cursor === null ? {} : { after: feed.cursor };
    const input = [{ ...after, limit: pageSize }];
    const answer = await call('connectors.invoke', { id: app, port: 'documents', method, input });
    if (!answer.ok) {
      log.debug({ app, code: answer.code }, 'the document system cannot be read');
      return 0;
    }
    for (const item of (answer.result as { items: T[] }).items) {
      await take(item);
      await advanceFeed(db, source, item.cursor);
      count += 1;
    }
    return count;
  } finally {
    await releaseFeed(db, source);
  }
};

/** Keeps aside what an app gave and cannot be taken, as the package that it would have been. */
const keepAside = async (
  { db, wake }: PartContext,
  came: { app: string; entry: string; kind: 'document' | 'status'; package: () => Promise<string> },
  error: unknown,
): Promise<void> => {
  const fault = faultOf(error);
  if (fault === undefined) throw error;
  const bytes = Buffer.from(await came.package());
  const { app: source, entry, kind } = came;
  await inTransaction(db, tx => quarantine(tx, { source, entry, kind, bytes, ...fault }));
  wake.notify('events');
};

/** So often an app may fail to give one document before the list goes on without it. */
const triesAtMost = 5;

/** A document that an app lists; not to be had now: undefined. @throws Error while it is worth another try */
const fetchIssued = async (
  { call, log }: PartContext,
  app: string,
  id: string,
  stuck: Map<string, number>,
): Promise<SentDocument | undefined> => {
  const answer = await call('connectors.invoke', {
    id: app,
    port: 'documents',
    method: 'fetch',
    input: [{ id }],
  });
  const key = `${app}/${id}`;
  if (answer.ok) {
    stuck.delete(key);
    return answer.result as SentDocument;
  }
  const tries = (stuck.get(key) ?? 0) + 1;
  // An app that is away says nothing of this document.
  const isItsOwn = !answer.retryable || answer.code === 'unexpected-answer';
  if (isItsOwn) stuck.set(key, tries);
  if (isItsOwn && (answer.code === 'not-found' || tries >= triesAtMost)) {
    stuck.delete(key);
    log.error(
      { app, document: id, code: answer.code },
      'the document system does not give a document that it lists',
    );
    return undefined;
  }
  throw new Error(`the document system does not give a document (${answer.code})`);
};

/** Takes documents that were issued in an app to be sent on. Answers how many. */
export const collectIssued = (
  context: PartContext,
  app: string,
  /** How often which document could not be had; kept between the rounds. */
  stuck: Map<string, number>,
): Promise<number> =>
  walk<{ id: string; cursor: string }>(context, app, 'issued', async ({ id, cursor }) => {
    const document = await fetchIssued(context, app, id, stuck);
    const entry = { app, entry: `${id}/${cursor}`, kind: 'document' as const };
    if (document === undefined)
      return keepAside(context, { ...entry, package: async () => '' }, new DocumentFault('not-given', id));
    const arrival = { document, origin: 'app' as const, app, actor: `app/${app}` };
    await acceptDocument(context, arrival).catch(error =>
      keepAside(context, { ...entry, package: () => packDocument(document) }, error),
    );
  });

/** Takes what people say in an app of documents. Answers how many. */
export const collectStatuses = async (context: PartContext, app: string): Promise<number> => {
  const organs = await readOrgans(context.call);
  return walk<{ status: DocumentStatus; cursor: string }>(context, app, 'statuses', ({ status, cursor }) =>
    takeStatus(context, organs, { status, from: 'app', actor: `app/${app}` }).catch(error =>
      keepAside(
        context,
        { app, entry: `status/${cursor}`, kind: 'status', package: async () => packStatus(status) },
        error,
      ),
    ),
  );
};
