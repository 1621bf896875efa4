// @ts-check
import { evaluateFilled } from './evaluate.js';
import { loanOf, messageOf } from './loan.js';

/**
 * Brings together what belongs together: messages of one key, until there are so many of different names. The first output has
 * all of them by name; the second what there was when the time was up. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED
 */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function Correlate(config) {
    RED.nodes.createNode(this, config);
    const {
      key = 'payload.id',
      keyType = 'msg',
      part = 'topic',
      partType = 'msg',
      count = 2,
      days = 7,
    } = config;
    const hub = RED.settings.lienthong;
    const stop = hub?.receive({ id: this.id, flow: this.z }, leased => {
      const msg = /** @type {any} */ (messageOf(leased));
      this.send(msg.correlation?.complete ? [msg, null] : [null, msg]);
    });
    this.on('close', () => stop?.());
    this.on('input', async (msg, _send, done) => {
      try {
        const { id, lease } = loanOf(RED, msg);
        const read = async (/** @type {string} */ value, /** @type {string} */ type) =>
          String(await evaluateFilled(RED, this, msg, value, type, 'no-key'));
        await hub.call('flows.correlate', {
          id,
          lease,
          node: this.id,
          key: await read(key, keyType),
          name: await read(part, partType),
          message: { payload: msg.payload, topic: msg.topic },
          count: Number(count),
          until: new Date(Date.now() + Number(days) * 86_400_000).toISOString(),
        });
        hub.settled({ id });
        done();
      } catch (error) {
        done(error);
      }
    });
  }
  RED.nodes.registerType('lienthong-correlate', Correlate);
};
