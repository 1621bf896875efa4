import type { Call } from '#schemas/calls.ts';
import type { FlowFault, FlowStage, LeasedMessage } from '#schemas/flow.ts';

/** The hub as our nodes reach it: `RED.settings.lienthong`. In a case it is played, in the editor nothing is ever delivered. */
export interface FlowHub {
  stage: FlowStage;
  /**
   * A node where messages go on says that it is ready; `limitMs` is how long one may take until it counts as failed. Answers
   * how to take that back.
   */
  receive(
    node: { id: string; flow: string; limitMs?: number },
    deliver: (message: LeasedMessage) => void,
  ): () => void;
  /** @throws {HubRefusal} with `code`, `message`, `params` */
  call: Call;
  /** Ends a loan: handled, or failed with a fault. Nothing happens when it is not ours any more. */
  settle(loan: { id: string; lease: string; fault?: FlowFault; final?: boolean }): Promise<void>;
  /** The loan was ended by the hub itself, with what it was asked (`flows.wait`, `flows.correlate`). */
  settled(loan: { id: string }): void;
  /** What nodes did on this loan so far under one name: the same again, in the order of the deliveries, has the same key. */
  effectKey(loan: { id: string; lease: string }, node: string, input: unknown): string;
}
