import { acceptDocument } from '#hub/documents/accept-document.ts';
import { readConnected } from '#hub/documents/connected-apps.ts';
import { demandOurs } from '#hub/documents/demand-ours.ts';
import { DocumentFault } from '#hub/documents/document-fault.ts';
import { readVersion } from '#hub/documents/document-store.ts';
import { readOrgans } from '#hub/documents/organs.ts';
import { chooseReceivers } from '#hub/documents/recall.ts';
import { receiversOf } from '#hub/documents/receiver-store.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { SentDocument } from '#schemas/document.ts';

interface Change {
  id: string;
  document: SentDocument;
  reason: string;
  actor: string;
}

/** Takes a document of one of our units to be handed over. @throws DocumentFault */
export const sendDocument = async (
  context: PartContext,
  given: { document: SentDocument; appId?: string | undefined; actor: string; only?: ReadonlySet<string> },
): Promise<{ id: string }> => {
  const { systems } = await readConnected(context.call);
  const { appId: app, ...rest } = given;
  // Only a document system can be told what receivers say.
  const origin = app !== undefined && systems.includes(app) ? 'app' : 'hub';
  return acceptDocument(context, { ...rest, origin, ...(origin === 'app' ? { app } : {}) });
};

/** Sends a new form of a document (edXML type 2). @throws DocumentFault, AppError */
export const updateDocument = async (context: PartContext, change: Change): Promise<string> => {
  const row = await demandOurs(context.db, change.id);
  const { document, reason, actor } = change;
  if (document.documentId !== row.documentId) throw new DocumentFault('invalid-value', 'document/documentId');
  const action = { kind: 'update', documentId: row.documentId, reason, documentChanged: true };
  const appId = row.originApp ?? undefined;
  await sendDocument(context, {
    document: { ...document, action: { ...document.action, ...action } },
    appId,
    actor,
  });
  return row.id;
};

/** Sends a document that stands in the place of an earlier one (edXML type 3); answers the new one's id. */
export const replaceDocument = async (context: PartContext, change: Change): Promise<string> => {
  const row = await demandOurs(context.db, change.id);
  const { document, reason, actor } = change;
  const action = { kind: 'replace', reason, replaces: [{ documentId: row.documentId }] };
  const appId = row.originApp ?? undefined;
  return (await sendDocument(context, { document: { ...document, action }, appId, actor })).id;
};

/** Withdraws a document (edXML type 1): nobody is asked. */
export const revokeDocument = async (
  context: PartContext,
  asked: { id: string; organIds?: string[] | undefined; reason: string; actor: string },
): Promise<void> => {
  const { db, call } = context;
  const row = await demandOurs(db, asked.id);
  const receivers = chooseReceivers(await receiversOf(db, [row.id]), await readOrgans(call), asked.organIds);
  const document = await readVersion(db, row.versionId);
  await sendDocument(context, {
    document: { ...document, action: { kind: 'revoke', documentId: row.documentId, reason: asked.reason } },
    appId: row.originApp ?? undefined,
    actor: asked.actor,
    only: new Set(receivers.map(({ key }) => key)),
  });
};
