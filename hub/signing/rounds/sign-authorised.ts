import { inTransaction, type Tx } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { lockSubjects } from '#hub/platform/event-log.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { moveRequests, type Reason } from '#hub/signing/request-store.ts';
import { retryMs } from '#hub/signing/rounds/retry-ms.ts';
import { listRoutes } from '#hub/signing/route-store.ts';
import { showHolder } from '#hub/signing/signers/show-holder.ts';
import { hasService, signerOf } from '#hub/signing/signers/signer-of.ts';
import { moveSteps } from '#hub/signing/step-store.ts';
import { subjectOf, tellSigning } from '#hub/signing/tell.ts';
import { inOurWords } from '#hub/signing/to-signing-error.ts';
import {
  keepSignatures,
  leaseTransactions,
  postponeSteps,
  stillAuthorised,
  type WorkRow,
} from '#hub/signing/work-store.ts';
import type { SignatureAnswer } from '#schemas/signer.ts';
import { checkSignature } from '#signature/cms/check-signature.ts';
import { hashOfAttributes } from '#signature/cms/hash-of-attributes.ts';

export type RoundContext = Pick<PartContext, 'db' | 'call' | 'secrets' | 'log' | 'wake'>;

/** How long until a service that waits for its holder's phone is asked again. */
const pollMs = 2000;
const retry = { firstMs: 500, longestMs: 60_000 };

/** Whether the time is over for which leave was given. */
const isPast = (steps: WorkRow[]): boolean => steps[0]!.sessionUntil.getTime() < Date.now();

/** Whether a raw signature is what this certificate's key makes of these attributes: services mix up and swap. */
const isOfStep = ({ credential, attributes }: WorkRow, signature: Buffer): boolean => {
  try {
    inOurWords(() =>
      checkSignature({ certificate: Buffer.from(credential.certificate, 'base64'), attributes, signature }),
    );
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
};

/** Gives steps back to whoever decides: their leave is spent or worth nothing. First in its transaction. */
const giveBackIn = async (tx: Tx, steps: WorkRow[], reason: Reason): Promise<void> => {
  await lockSubjects(
    tx,
    steps.map(({ requestId }) => subjectOf(requestId)),
  );
  const still = await stillAuthorised(tx, steps);
  await moveSteps(
    tx,
    still.map(({ id }) => id),
    ['authorised'],
    { state: 'waiting', reason },
  );
};

const giveBack = (db: PartContext['db'], steps: WorkRow[], reason: Reason): Promise<void> =>
  inTransaction(db, tx => giveBackIn(tx, steps, reason));

const refuseAll = (db: PartContext['db'], steps: WorkRow[], reason: Reason): Promise<void> =>
  inTransaction(db, async tx => {
    await lockSubjects(
      tx,
      steps.map(({ requestId }) => subjectOf(requestId)),
    );
    const still = await stillAuthorised(tx, steps);
    const ids = still.map(({ requestId }) => requestId);
    await moveSteps(
      tx,
      still.map(({ id }) => id),
      ['authorised'],
      { state: 'refused', reason },
    );
    const requests = await moveRequests(tx, ids, ['waiting'], { state: 'refused', reason });
    await tellSigning(
      tx,
      'signing.refused',
      'system',
      requests.map(request => {
        const step = steps.find(({ requestId }) => requestId === request.id)!;
        const said = reason.text ? { reason: reason.text } : {};
        return { request, data: { position: step.position, ...showHolder(step), ...said } };
      }),
    );
  });

const ask = async (context: RoundContext, steps: WorkRow[]): Promise<SignatureAnswer> => {
  const [first] = steps as [WorkRow];
  // Leave was for all of its hashes: what is left of a transaction cannot be asked for.
  if (steps.length < first.transactionSize) return { state: 'expired', reason: 'in-part' };
  const route = (await listRoutes(context.db)).filter(hasService).find(({ id }) => id === first.route);
  if (route === undefined) return { state: 'expired', reason: 'route-gone' };
  const transaction = {
    session: context.secrets.open('signing-session', first.session),
    transactionId: first.transactionId,
    credentialId: first.credential.id,
    userId: first.userId,
  };
  const signer = signerOf(context, route);
  const hashes = steps.map(({ attributes }) => hashOfAttributes(attributes).toString('base64'));
  if (first.attempts > 1 && first.credential.asks.includes('app'))
    return signer.status({ ...transaction, hashes });
  return signer.sign({ ...transaction, title: '', documents: steps.map(() => ''), hashes });
};

const settle = async (
  { db, log }: RoundContext,
  steps: WorkRow[],
  answer: SignatureAnswer,
): Promise<void> => {
  const isOver = answer.state === 'expired' || (answer.state === 'waiting' && isPast(steps));
  if (isOver) return giveBack(db, steps, { code: 'signing-leave-expired' });
  if (answer.state === 'waiting') return postponeSteps(db, steps, pollMs);
  if (answer.state === 'unable') return giveBack(db, steps, { code: 'no-signing-key', text: answer.reason });
  if (answer.state === 'refused') return refuseAll(db, steps, { code: 'refused', text: answer.reason });
  const signatures = answer.signatures.map(text => Buffer.from(text, 'base64'));
  const pairs = steps.map((step, place) => ({ step, signature: signatures[place] }));
  const good = pairs.filter(({ step, signature }) => signature !== undefined && isOfStep(step, signature));
  const bad = pairs.filter(pair => !good.includes(pair)).map(({ step }) => step);
  if (bad.length > 0)
    log.warn(
      { route: bad[0]!.route, steps: bad.length },
      'a signing service answered with signatures of something else',
    );
  await inTransaction(db, async tx => {
    if (bad.length > 0) await giveBackIn(tx, bad, { code: 'signature-not-of-hash' });
    if (good.length > 0)
      await keepSignatures(
        tx,
        steps[0]!.transactionId,
        good.map(({ step, signature }) => ({ id: step.id, signature: signature! })),
      );
  });
};

/**
 * Asks the services for the signatures of what was authorised. A raw signature is checked and kept before anything else
 * happens, for all of a transaction at once: after a crash the service is asked again for all of it or for nothing. Answers how many steps it looked at.
 */
export const signAuthorised = async (context: RoundContext): Promise<number> => {
  const { db, log } = context;
  const rows = await leaseTransactions(db, 20);
  const transactions = Map.groupBy(rows, ({ transactionId }) => transactionId);
  await Promise.all(
    [...transactions.values()].map(async steps => {
      try {
        await settle(context, steps, await ask(context, steps));
      } catch (error) {
        const code = error instanceof AppError ? error.code : 'internal';
        if (!(error instanceof AppError)) log.error({ cause: String(error) }, 'signing goes on later');
        if (isPast(steps)) await giveBack(db, steps, { code });
        else await postponeSteps(db, steps, retryMs(steps[0]!.attempts, retry), { code });
      }
    }),
  );
  return rows.length;
};
