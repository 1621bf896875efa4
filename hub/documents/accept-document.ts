import { createHash, randomUUID } from 'node:crypto';
import { packDocument } from '#edxml/pack.ts';
import { readConnected } from '#hub/documents/connected-apps.ts';
import { DocumentFault } from '#hub/documents/document-fault.ts';
import {
  findDocument,
  findVersion,
  insertDocument,
  insertVersion,
  setVersion,
} from '#hub/documents/document-store.ts';
import { documentIdOf } from '#hub/documents/identify.ts';
import { type FoundOrgan, type Organs, readOrgans } from '#hub/documents/organs.ts';
import { insertOutbox } from '#hub/documents/outbox-store.ts';
import { insertReceiver } from '#hub/documents/receiver-store.ts';
import { subjectOf, tellDocument } from '#hub/documents/tell.ts';
import { inTransaction, type Tx } from '#hub/platform/database.ts';
import { lockSubjects } from '#hub/platform/event-log.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { Organ, SentDocument } from '#schemas/document.ts';

export interface Arrival {
  document: SentDocument;
  origin: 'app' | 'axis' | 'hub';
  /** The app or axis that it came from. */
  app?: string | undefined;
  /** As it came, for evidence. */
  package?: Uint8Array | undefined;
  actor: string;
  /** Only these receivers' keys; all when absent. */
  only?: ReadonlySet<string> | undefined;
}

const header = 'MessageHeader';

/** Who sends and who is to have it. @throws DocumentFault when that cannot be */
const address = ({ document, origin }: Arrival, organs: Organs) => {
  const sender = organs.find(document.from.organId);
  if (sender === undefined) throw new DocumentFault('invalid-value', `${header}/From/OrganId`);
  if (origin === 'axis' && sender.unit !== undefined)
    throw new DocumentFault('sender-ours', `${header}/From/OrganId`);
  if (origin !== 'axis' && sender.unit === undefined)
    throw new DocumentFault('sender-unknown', `${header}/From/OrganId`);
  const receivers = new Map<string, { organ: Organ; found: FoundOrgan }>();
  let closed: string | undefined;
  for (const [index, organ] of document.to.entries()) {
    const place = `${header}/To[${index + 1}]/OrganId`;
    const found = organs.find(organ.organId);
    if (found === undefined) throw new DocumentFault('receiver-unknown', place);
    // Others on the list have theirs from the axis.
    if (origin === 'axis' && found.unit === undefined) continue;
    if (found.closed) closed ??= place;
    else if (!receivers.has(found.key)) receivers.set(found.key, { organ, found });
  }
  if (closed !== undefined && (origin !== 'axis' || receivers.size === 0))
    throw new DocumentFault('receiver-closed', closed);
  if (receivers.size === 0) throw new DocumentFault('receiver-unknown', `${header}/To`);
  return { sender, receivers };
};

/** Equal for the same document with the same action, whoever it is addressed to and however it travelled. */
const digestOf = async ({ trace: _trace, ...document }: SentDocument): Promise<Buffer> =>
  createHash('sha256')
    .update(await packDocument({ ...document, to: [] }))
    .digest();

/** Keeps this form of the document, unless it is kept; answers the id of the form. @throws DocumentFault `document-differs` */
const keepVersion = async (
  tx: Tx,
  id: string,
  arrival: Arrival & { digest: Buffer; sender: FoundOrgan },
): Promise<string> => {
  const { document, origin, app, digest, sender } = arrival;
  const kept = await findVersion(tx, id, digest);
  if (kept !== undefined) return kept;
  const kind = document.action?.kind ?? 'new';
  const before = await findDocument(tx, id);
  if (before !== undefined && ['new', 'replace'].includes(kind))
    throw new DocumentFault('document-differs', `${header}/DocumentId`);
  const versionId = randomUUID();
  if (before === undefined)
    await insertDocument(tx, {
      ...{ id, versionId, origin, documentId: document.documentId, fromOrgan: document.from.organId },
      fromUnit: sender.unit?.id ?? null,
      originApp: app ?? null,
    });
  await insertVersion(tx, { id: versionId, document: id, kind, digest, package: arrival.package }, document);
  if (before !== undefined && kind === 'update') await setVersion(tx, id, versionId);
  return versionId;
};

/**
 * Takes a document to be handed over: kept, its receivers noted, one entry for each in the outbox, told, all at once. The
 * same again changes nothing but that new receivers get theirs. @throws DocumentFault
 */
export const acceptDocument = async (
  { db, call, wake }: Pick<PartContext, 'db' | 'call' | 'wake'>,
  arrival: Arrival,
): Promise<{ id: string }> => {
  const { document, origin, app, actor, only } = arrival;
  const { sender, receivers } = address(arrival, await readOrgans(call));
  const { systems } = await readConnected(call);
  const digest = await digestOf(document);
  const id = documentIdOf(sender.key, document.documentId);
  await inTransaction(db, async tx => {
    await lockSubjects(tx, [subjectOf(id)]);
    const known = await findVersion(tx, id, digest);
    const versionId = await keepVersion(tx, id, { ...arrival, digest, sender });
    const addressed: string[] = [];
    for (const [key, { organ, found }] of receivers) {
      if (only !== undefined && !only.has(key)) continue;
      const row = { document: id, key, organ, unitId: found.unit?.id ?? null };
      const isNew = await insertReceiver(tx, row);
      if (!isNew && known !== undefined) continue;
      await insertOutbox(tx, { document: id, receiver: key, version: versionId });
      addressed.push(organ.organId);
    }
    if (addressed.length === 0) return;
    const inside = [...receivers.values()].some(({ found }) => found.unit !== undefined);
    const apps = new Set([...(app === undefined ? [] : [app]), ...(inside ? systems.slice(0, 1) : [])]);
    await tellDocument(
      tx,
      origin === 'axis' ? 'document.received' : 'document.sent',
      { id, documentId: document.documentId, from: document.from.organId, apps: [...apps] },
      {
        actor,
        data: { action: document.action?.kind ?? 'new', to: addressed },
      },
    );
  });
  wake.notify('documents');
  wake.notify('events');
  return { id };
};
