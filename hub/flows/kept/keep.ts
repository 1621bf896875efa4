import {
  addPart,
  endCorrelation,
  readValue,
  removeValue,
  takeOnce,
  takeOverdue,
  writeValue,
} from '#hub/flows/kept/kept-store.ts';
import { findLoan, insertMessages, settleLoans } from '#hub/flows/messages/message-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { flowCommands } from '#schemas/commands/flows.ts';

type Given<N extends keyof typeof flowCommands> = ParamsOf<(typeof flowCommands)[N]>;
type Context = Pick<PartContext, 'db' | 'wake'>;

const lost = (message: string): AppError => new AppError('flow-lease-lost', { message });

/** Lets a message go on at a node when it is time. @throws {AppError} `flow-lease-lost` */
export const wait = (
  { db }: Context,
  { id, lease, node, message, until }: Given<'flows.wait'>,
): Promise<void> =>
  inTransaction(db, async tx => {
    const loan = await findLoan(tx, { id, lease });
    if (loan === undefined) throw lost(id);
    const { stage, flow, attempts } = loan;
    await insertMessages(tx, [{ stage, flow, node, key: null, message, attempts, dueAt: until, origin: id }]);
    await settleLoans(tx, [{ id, lease }]);
  });

/** What goes on when parts belong together: all of them by name, `complete` says whether none is missing. */
const joined = (parts: Record<string, unknown>, key: string, complete: boolean) => ({
  payload: parts,
  correlation: { key, complete },
});

/** Keeps a part, or with the last one lets all go on. @throws {AppError} `flow-lease-lost` */
export const correlate = async (
  { db, wake }: Context,
  { id, lease, node, key, name, message, count, until }: Given<'flows.correlate'>,
): Promise<void> => {
  await inTransaction(db, async tx => {
    const loan = await findLoan(tx, { id, lease });
    if (loan === undefined) throw lost(id);
    const { stage, flow, attempts } = loan;
    const place = { stage, flow, node, key };
    const parts = await addPart(tx, place, { name, message, until });
    if (Object.keys(parts).length >= count) {
      await endCorrelation(tx, place);
      await insertMessages(tx, [
        { stage, flow, node, key: null, message: joined(parts, key, true), attempts, origin: id },
      ]);
    }
    await settleLoans(tx, [{ id, lease }]);
  });
  wake.notify('flows');
};

/** Lets go on what waited in vain for the rest. Answers how many there were. */
export const endOverdue = ({ db }: Context): Promise<number> =>
  inTransaction(db, async tx => {
    const overdue = await takeOverdue(tx, 500);
    await insertMessages(
      tx,
      overdue.map(({ parts, key, ...place }) => ({
        ...place,
        key: null,
        message: joined(parts, key, false),
        attempts: 5,
      })),
    );
    return overdue.length;
  });

/** Whether this message is the first with the key. @throws {AppError} `flow-lease-lost` */
export const once = (
  { db }: Context,
  { id, lease, node, key }: Given<'flows.once'>,
): Promise<{ first: boolean }> =>
  inTransaction(db, async tx => {
    const loan = await findLoan(tx, { id, lease });
    if (loan === undefined) throw lost(id);
    return { first: await takeOnce(tx, { stage: loan.stage, flow: loan.flow, node, key }, id) };
  });

export const readState = ({ db }: Context, place: Given<'flows.read-state'>) => readValue(db, place);

/** Writes or forgets a value. @throws {AppError} `flow-state-changed` when it is not the version expected */
export const writeState = async (
  { db }: Context,
  { value, version, ...place }: Given<'flows.write-state'>,
): Promise<{ version: number }> => {
  const written =
    value === undefined
      ? (await removeValue(db, place, version)) || version === undefined
        ? 0
        : undefined
      : await writeValue(db, place, value, version);
  if (written !== undefined) return { version: written };
  const now = await readValue(db, place);
  throw new AppError('flow-state-changed', { key: place.key, version: now.version });
};
