// @ts-check
import { evaluateFilled } from './evaluate.js';

/** Finds units by id, code (either form) or name: the second output is for when there is none. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function FindUnit(config) {
    RED.nodes.createNode(this, config);
    const { by = 'code', value = 'payload', valueType = 'msg', target = 'unit' } = config;
    const hub = RED.settings.lienthong;
    this.on('input', async (msg, send, done) => {
      try {
        const sought = String(await evaluateFilled(RED, this, msg, value, valueType));
        const found = (await hub.call('flows.find-unit', { by, value: sought })) ?? [];
        const next = { ...msg, [target]: config.many ? found : found[0] };
        send(found.length > 0 ? [next, null] : [null, next]);
        done();
      } catch (error) {
        if (/** @type {{ code?: string }} */ (error).code === 'unknown-unit') {
          send([null, msg]);
          done();
        } else done(error);
      }
    });
  }
  RED.nodes.registerType('lienthong-unit', FindUnit);
};
