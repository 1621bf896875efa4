// @ts-check
import { loanOf } from './loan.js';

/** The message is handled: the hub never hands it out again. It goes on when that is durable. @param {any} RED */
export default RED => {
  /** @this {any} @param {any} config */
  function Acknowledge(config) {
    RED.nodes.createNode(this, config);
    this.on('input', async (msg, send, done) => {
      try {
        const { id, lease } = loanOf(msg);
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
