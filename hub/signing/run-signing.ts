import { type Repeater, repeat } from '#hub/platform/repeat.ts';
import type { FileWorkers } from '#hub/signing/file-workers.ts';
import { embedSignatures } from '#hub/signing/rounds/embed-signatures.ts';
import { endOverdue } from '#hub/signing/rounds/end-overdue.ts';
import { lookAfterTickets } from '#hub/signing/rounds/look-after-tickets.ts';
import { proveFiles } from '#hub/signing/rounds/prove-files.ts';
import { returnFiles } from '#hub/signing/rounds/return-file.ts';
import { type RoundContext, signAuthorised } from '#hub/signing/rounds/sign-authorised.ts';
import { stampSigned } from '#hub/signing/rounds/stamp-signed.ts';
import { readSettings } from '#hub/signing/settings-store.ts';
import type { TicketContext } from '#hub/signing/tickets/open-ticket.ts';
import { leaseSteps } from '#hub/signing/work-store.ts';

/** Steps taken at once. */
const atOnce = 100;
const idleMs = 1000;

/** The rounds that carry decided steps to the end, on every node; what a dead node had taken is free again after its lease. */
export const runSigning = (context: RoundContext & TicketContext, workers: FileWorkers): Repeater[] => {
  const { db, log } = context;
  const finish = async (): Promise<number> => {
    const signed = await leaseSteps(db, 'signed', atOnce);
    const plain = signed.filter(({ level }) => level === 'B-B');
    const toStamp = signed.filter(({ level }) => level !== 'B-B');
    if (toStamp.length > 0) await stampSigned(context, toStamp, await readSettings(db));
    const stamped = await leaseSteps(db, 'time-stamped', atOnce);
    const ready = [...plain, ...stamped];
    if (ready.length > 0) await embedSignatures(context, ready);
    return ready.length;
  };
  const finisher = repeat(log, 'signatures', async () => ((await finish()) > 0 ? 0 : idleMs));
  const signer = repeat(log, 'signing', async () => {
    const looked = await signAuthorised(context);
    if (looked > 0) finisher.wake();
    return looked > 0 ? 0 : idleMs;
  });
  const returner = repeat(log, 'signed files', async () => ((await returnFiles(context)) > 0 ? 0 : idleMs));
  const prover = repeat(log, 'proofs of signatures', async () =>
    (await proveFiles(context, workers)) > 0 ? 0 : idleMs,
  );
  const ender = repeat(log, 'overdue signatures', async () => ((await endOverdue(context)) > 0 ? 0 : 5000));
  const keeper = repeat(log, 'signing devices in trouble', async () =>
    (await lookAfterTickets(context)) > 0 ? idleMs : 5000,
  );
  return [signer, finisher, prover, returner, ender, keeper];
};
