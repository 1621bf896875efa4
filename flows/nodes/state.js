// @ts-check
import { evaluate } from './evaluate.js';

/** Reads or writes what the flow keeps in the hub, whatever process it runs in. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function State(config) {
    RED.nodes.createNode(this, config);
    const {
      operation = 'read',
      key = '',
      keyType = 'str',
      value = 'payload',
      valueType = 'msg',
      target = 'payload',
    } = config;
    const hub = RED.settings.lienthong;
    this.on('input', async (msg, send, done) => {
      try {
        const place = {
          stage: hub.stage,
          flow: this.z,
          key: String(await evaluate(RED, this, msg, key, keyType)),
        };
        if (operation === 'read') {
          const { value: kept } = await hub.call('flows.read-state', place);
          send({ ...msg, [target]: kept });
        } else {
          const given = operation === 'forget' ? undefined : await evaluate(RED, this, msg, value, valueType);
          await hub.call('flows.write-state', { ...place, ...(given === undefined ? {} : { value: given }) });
          send(msg);
        }
        done();
      } catch (error) {
        done(error);
      }
    });
  }
  RED.nodes.registerType('lienthong-state', State);
};
