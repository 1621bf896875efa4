// @ts-check
import { evaluateFilled } from './evaluate.js';
import { loanOf } from './loan.js';

/** The idempotent receiver: the first message of a key goes out above, every other below. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function Once(config) {
    RED.nodes.createNode(this, config);
    const { key = 'payload.id', keyType = 'msg' } = config;
    const hub = RED.settings.lienthong;
    this.on('input', async (msg, send, done) => {
      try {
        const { id, lease } = loanOf(RED, msg);
        const value = await evaluateFilled(RED, this, msg, key, keyType, 'no-key');
        const { first } = await hub.call('flows.once', { id, lease, node: this.id, key: String(value) });
        send(first ? [msg, null] : [null, msg]);
        done();
      } catch (error) {
        done(error);
      }
    });
  }
  RED.nodes.registerType('lienthong-once', Once);
};
