import { packDocument, packStatus } from '#edxml/pack.ts';
import { type ConnectedApps, readConnected } from '#hub/documents/connected-apps.ts';
import { type DocumentRow, findDocument, readVersion } from '#hub/documents/document-store.ts';
import { leaseOutbox, type OutboxRow, postponeOutbox } from '#hub/documents/outbox-store.ts';
import { findStatus, type ReceiverRow, receiversOf } from '#hub/documents/receiver-store.ts';
import { settleFailed, settleSent } from '#hub/documents/settle.ts';
import { isDatabaseAway } from '#hub/platform/database.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { PartContext } from '#hub/platform/part.ts';

/** One entry of the outbox with what it is about. */
export interface HandOver {
  row: OutboxRow;
  document: DocumentRow;
  receiver: ReceiverRow;
}
/** A call of a connector. */
interface Parcel {
  id: string;
  port: 'documents' | 'documentAxis';
  method: string;
  input: unknown[];
}

/** Large files take their time; the connector's own limit is shorter. */
const timeoutMs = 120_000;
const atOnce = 8;
const longestWaitMs = 30 * 60_000;

/** Which app takes it; undefined: none is connected now. */
const targetOf = (
  { row, document, receiver }: HandOver,
  { systems, axes }: ConnectedApps,
): string | undefined => {
  if (row.toSender) {
    if (document.origin === 'axis') return axes.find(id => id === document.originApp) ?? axes[0];
    return document.originApp ?? undefined;
  }
  return receiver.unitId === null ? axes[0] : (receiver.app ?? systems[0]);
};

const makeParcel = async (db: PartContext['db'], over: HandOver, id: string): Promise<Parcel> => {
  const { row, document, receiver } = over;
  const outside = row.toSender ? document.origin === 'axis' : receiver.unitId === null;
  const to = row.toSender ? document.fromOrgan : receiver.organ.organId;
  if (row.version !== null) {
    const whole = await readVersion(db, row.version);
    if (!outside)
      return { id, port: 'documents', method: 'deliver', input: [{ document: whole, organIds: [to] }] };
    const parcel = {
      kind: 'document',
      from: document.fromOrgan,
      to: [to],
      package: await packDocument(whole),
    };
    return { id, port: 'documentAxis', method: 'send', input: [parcel] };
  }
  const status = await findStatus(db, row.status!);
  if (!outside) return { id, port: 'documents', method: 'tell', input: [status] };
  const parcel = { kind: 'status', from: status.from.organId, to: [to], package: packStatus(status) };
  return { id, port: 'documentAxis', method: 'send', input: [parcel] };
};

/** Twice as long after each try. */
const retryMs = (attempts: number): number => Math.min(longestWaitMs, 1000 * 2 ** Math.min(attempts - 1, 11));

const handOver = async (
  { db, call, log }: PartContext,
  row: OutboxRow,
  connected: ConnectedApps,
): Promise<void> => {
  const document = (await findDocument(db, row.document))!;
  const receiver = (await receiversOf(db, [row.document])).find(({ key }) => key === row.receiver)!;
  const over: HandOver = { row, document, receiver };
  const app = targetOf(over, connected);
  if (app === undefined)
    return postponeOutbox(db, row.nr, 5_000, {
      code: 'unavailable',
      message: 'no app for it is connected',
    });
  const answer = await call('connectors.invoke', await makeParcel(db, over, app), { timeoutMs });
  if (answer.ok) return settleSent(db, over, app);
  const reason = { code: answer.code, message: answer.message };
  if (answer.retryable)
    return postponeOutbox(db, row.nr, answer.retryAfterMs ?? retryMs(row.attempts), reason);
  log.warn({ app, code: answer.code, document: row.document }, 'a document was not taken');
  return settleFailed(db, over, reason);
};

/** Hands over what is due. What an app says no to has failed and waits for a person; the rest is tried until it goes. */
export const handOverDue = async (context: PartContext): Promise<number> => {
  const { db, call, log, wake } = context;
  const rows = await leaseOutbox(db, atOnce);
  if (rows.length === 0) return 0;
  const connected = await readConnected(call);
  /** One that breaks off hinders no other. */
  const putOff = async ({ nr, document, attempts }: OutboxRow, error: unknown): Promise<void> => {
    if (isDatabaseAway(error)) throw error;
    log.warn({ document, cause: describeCause(error) }, 'a document could not be handed over; tried again');
    const reason = { code: 'internal', message: 'the hub could not hand it over; the log says why' };
    await postponeOutbox(db, nr, retryMs(attempts), reason);
  };
  await Promise.all(rows.map(row => handOver(context, row, connected).catch(error => putOff(row, error))));
  wake.notify('events');
  return rows.length;
};
