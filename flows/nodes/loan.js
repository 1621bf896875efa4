// @ts-check
import { fault } from './fault.js';

/**
 * @typedef {{ id: string, lease: string, flow: string, attempt: number }} Loan
 * @typedef {Record<string, unknown> & { payload?: unknown, _lienthong?: Loan }} Message
 */

/**
 * What the hub knows a message by. Plain data, so that copies of the message carry it too. One that was injected by hand, or has
 * lost it on its way, is no message on loan: `no-loan`.
 *
 * @param {import('#flows/nodes/node-red-api.d.ts').Red} RED @param {Message} msg
 * @returns {Loan}
 */
export const loanOf = (RED, msg) => {
  const loan = msg._lienthong;
  if (typeof loan?.id !== 'string' || typeof loan.lease !== 'string') throw fault(RED, 'no-loan');
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
