import { packDocument, packStatus } from '#edxml/pack.ts';
import { acceptDocument } from '#hub/documents/accept-document.ts';
import { advanceFeed, leaseFeed, releaseFeed } from '#hub/documents/feed-store.ts';
import { readOrgans } from '#hub/documents/organs.ts';
import { faultOf, quarantine } from '#hub/documents/quarantine.ts';
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

/** Takes documents that were issued in an app to be sent on. Answers how many. */
export const collectIssued = (context: PartContext, app: string, systems: string[]): Promise<number> =>
  walk<{ id: string; cursor: string }>(context, app, 'issued', async ({ id, cursor }) => {
    const answer = await context.call('connectors.invoke', {
      ...{ id: app, port: 'documents', method: 'fetch', input: [{ id }] },
    });
    if (!answer.ok && answer.code === 'not-found') return;
    // The list stands still until the app answers: nothing is passed over.
    if (!answer.ok) throw new Error(`the document system does not give a document (${answer.code})`);
    const document = answer.result as SentDocument;
    const arrival = { document, origin: 'app' as const, app, actor: `app/${app}` };
    await acceptDocument(context, arrival, () => systems.slice(0, 1)).catch(error =>
      keepAside(
        context,
        { app, entry: `${id}/${cursor}`, kind: 'document', package: () => packDocument(document) },
        error,
      ),
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
