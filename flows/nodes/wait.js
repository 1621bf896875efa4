// @ts-check
import { evaluateFilled } from './evaluate.js';
import { fault } from './fault.js';
import { loanOf, messageOf } from './loan.js';

const unitMs = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

/** The message without what only this loan is. @param {Record<string, any>} msg */
const kept = ({ _lienthong, _msgid, ...message }) => message;

/** Lets a message go on when it is time, in days too: the hub keeps it, no process waits. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function Wait(config) {
    RED.nodes.createNode(this, config);
    const { amount = 1, unit = 'days', until = '', untilType = 'msg' } = config;
    const hub = RED.settings.lienthong;
    const stop = hub?.receive({ id: this.id, flow: this.z }, leased => this.send(messageOf(leased)));
    this.on('close', () => stop?.());
    this.on('input', async (msg, _send, done) => {
      try {
        const { id, lease } = loanOf(RED, msg);
        const due =
          until === ''
            ? new Date(Date.now() + Number(amount) * unitMs[/** @type {'days'} */ (unit)])
            : new Date(await evaluateFilled(RED, this, msg, until, untilType));
        if (Number.isNaN(due.getTime()))
          throw fault(RED, 'no-date', { value: until === '' ? `${amount} ${unit}` : until });
        await hub.call('flows.wait', {
          id,
          lease,
          node: this.id,
          message: kept(msg),
          until: due.toISOString(),
        });
        hub.settled({ id });
        done();
      } catch (error) {
        done(error);
      }
    });
  }
  RED.nodes.registerType('lienthong-wait', Wait);
};
