import RED from 'node-red';
import type { Lender } from '#flows/runner/lend.ts';

/** So many steps from node to node, copies counted together, no honest message takes. */
const most = 20_000;
/** Loans of which steps are remembered; far more than are under way at once. */
const remembered = 10_000;

/**
 * Ends what goes round for ever, or multiplies: the message is a dead letter at once, and every copy of it stands still. The event
 * loop turns meanwhile, so other flows of the process go on.
 */
export const stopLoops = ({ settle }: Pick<Lender, 'settle'>): void => {
  const steps = new Map<string, number>();
  RED.hooks.add('onReceive.lienthong', ({ msg, destination: { id: node, node: at } }) => {
    const loan = msg._lienthong as { id: string; lease: string } | undefined;
    if (loan === undefined) return undefined;
    const count = (steps.get(loan.lease) ?? 0) + 1;
    steps.set(loan.lease, count);
    if (count === 1 && steps.size > remembered) steps.delete(steps.keys().next().value!);
    if (count < most) return undefined;
    if (count === most) {
      const text = `Thông điệp đã qua ${most} bước mà chưa xong: luồng chạy vòng hoặc tự nhân lên.`;
      const fault = { code: 'flow-loop', text, node, nodeName: at.name || at.type };
      settle({ ...loan, fault, final: true }).catch(() => {});
    }
    return false;
  });
};
