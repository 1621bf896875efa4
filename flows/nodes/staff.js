// @ts-check
import { evaluateFilled } from './evaluate.js';

/** Finds people of the register: the second output is for when there is nobody. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function FindStaff(config) {
    RED.nodes.createNode(this, config);
    const { by = 'code', value = 'payload', valueType = 'msg', subtree = false, target = 'staff' } = config;
    const hub = RED.settings.lienthong;
    /** @param {string} sought @returns {Promise<unknown[]>} */
    const find = async sought => {
      if (by === 'head') return [await hub.call('flows.find-head', { unitId: sought })];
      const scope = by === 'unit' ? { unitId: sought, subtree } : { value: sought };
      return (await hub.call('flows.find-staff', { by, ...scope })) ?? [];
    };
    this.on('input', async (msg, send, done) => {
      try {
        const sought = String(await evaluateFilled(RED, this, msg, value, valueType));
        const found = await find(sought);
        const next = { ...msg, [target]: config.many ? found : found[0] };
        send(found.length > 0 ? [next, null] : [null, next]);
        done();
      } catch (error) {
        if (/** @type {{ code?: string }} */ (error).code === 'unknown-staff') {
          send([null, msg]);
          done();
        } else done(error);
      }
    });
  }
  RED.nodes.registerType('lienthong-staff', FindStaff);
};
