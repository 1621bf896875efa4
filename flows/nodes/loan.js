// @ts-check
/**
 * @typedef {{ id: string, lease: string, flow: string, attempt: number }} Loan
 * @typedef {Record<string, unknown> & { payload?: unknown, _lienthong?: Loan }} Message
 */

/** A message that is not on loan: it was injected by hand, or has lost what the hub knows it by. */
export class NoLoan extends Error {
  constructor() {
    super(
      'The message did not come from the hub: begin the flow with an "event in" node, and keep msg._lienthong.',
    );
    this.code = 'no-loan';
  }
}

/**
 * What the hub knows a message by. Plain data, so that copies of the message carry it too.
 *
 * @param {Message} msg
 * @returns {Loan}
 * @throws {NoLoan}
 */
export const loanOf = msg => {
  const loan = msg._lienthong;
  if (typeof loan?.id !== 'string' || typeof loan.lease !== 'string') throw new NoLoan();
  return loan;
};

/**
 * The message that a node sends on when the hub hands one out.
 *
 * @param {{ id: string, lease: string, flow: string, attempt: number, message: Record<string, unknown> }} leased
 * @returns {Message}
 */
export const messageOf = ({ id, lease, flow, attempt, message }) => ({
  ...message,
  _msgid: id,
  _lienthong: { id, lease, flow, attempt },
});
