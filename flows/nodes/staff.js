// @ts-check
import { evaluateFilled } from './evaluate.js';

/** Finds people of the register: the second output is for when there is nobody. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function FindStaff(config) {
    RED.nodes.createNode(this, config);
    const { by = 'name', value = 'payload', valueType = 'msg', subtree = false, target = 'staff' } = config;
    const hub = RED.settings.lienthong;
    this.on('input', async (msg, send, done) => {
      try {
        const sought = String(await evaluateFilled(RED, this, msg, value, valueType));
        let found;
        if (by === 'head') found = [await hub.call('flows.find-head', { unitId: sought })];
        else if (by === 'unit') found = await hub.call('flows.find-staff', { by, unitId: sought, subtree });
        else found = await hub.call('flows.find-staff', { by, value: sought });
        const some = found.length > 0;
        const next = { ...msg, [target]: config.many ? found : found[0] };
        send(some ? [next, null] : [null, next]);
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
