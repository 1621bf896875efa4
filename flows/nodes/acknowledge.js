// @ts-check
import { loanOf } from './loan.js';

/** The message is handled: the hub never hands it out again. It goes on when that is durable. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function Acknowledge(config) {
    RED.nodes.createNode(this, config);
    this.on('input', async (msg, send, done) => {
      try {
        const { id, lease } = loanOf(RED, msg);
        await RED.settings.lienthong.settle({ id, lease });
        send(msg);
        done();
      } catch (error) {
        done(error);
      }
    });
  }
  RED.nodes.registerType('lienthong-acknowledge', Acknowledge);
};
