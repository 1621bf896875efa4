import RED from 'node-red';
import type { Lender } from '#flows/runner/lend.ts';
import type { FlowFault } from '#schemas/flow.ts';

interface Loan {
  id: string;
  lease: string;
}
const loanOf = (msg: Record<string, unknown>): Loan | undefined => msg?._lienthong as Loan | undefined;

const explain = (error: unknown): { code: string; text: string } => {
  if (typeof error === 'string') return { code: 'node-failed', text: error };
  const { code, message } = error as { code?: unknown; message?: unknown };
  return { code: typeof code === 'string' ? code : 'node-failed', text: String(message ?? error) };
};

/** Whether a Catch node of the flow takes this node's errors; then the flow decides what becomes of the message. */
const isCaught = (flow: string, nodeId: string): boolean => {
  let caught = false;
  RED.nodes.eachNode(({ type, z, scope, d }) => {
    if (type !== 'catch' || z !== flow || d === true) return;
    if (!Array.isArray(scope) || scope.includes(nodeId)) caught = true;
  });
  return caught;
};

/** What a node fails with becomes the message's fault: it is tried again, and in the end a dead letter that names the node. */
export const tellFailures = (lender: Pick<Lender, 'isUnderWay' | 'note' | 'settle'>): void => {
  RED.hooks.add('onComplete.lienthong', ({ msg, error, node }) => {
    const loan = loanOf(msg);
    if (!error || loan === undefined || !lender.isUnderWay(loan.id)) return;
    const { name, type, z } = node.node;
    const fault: FlowFault = { ...explain(error), node: node.id, nodeName: name || type };
    fault.text = fault.text.slice(0, 2000);
    lender.note(loan.id, fault);
    if (!isCaught(z, node.id)) lender.settle({ ...loan, fault }).catch(() => {});
  });
};
