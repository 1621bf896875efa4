// @ts-check
import { evaluate, evaluateFilled } from './evaluate.js';

/**
 * Reads or writes what the flow keeps in the hub, whatever process it runs in. What the message has read and somebody else has
 * changed since is not written over: the message fails, and is tried again from its beginning. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED
 */
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
      compare = true,
    } = config;
    const hub = RED.settings.lienthong;
    this.on('input', async (msg, send, done) => {
      try {
        const place = {
          stage: hub.stage,
          flow: this.z,
          key: String(await evaluateFilled(RED, this, msg, key, keyType, 'no-key')),
        };
        if (operation === 'read') {
          const { value: kept, version } = await hub.call('flows.read-state', place);
          send({ ...msg, [target]: kept, _stateVersions: { ...msg._stateVersions, [place.key]: version } });
        } else {
          const given = operation === 'forget' ? undefined : await evaluate(RED, this, msg, value, valueType);
          const seen = compare ? msg._stateVersions?.[place.key] : undefined;
          const { version } = await hub.call('flows.write-state', {
            ...place,
            ...(given === undefined ? {} : { value: given }),
            ...(seen === undefined ? {} : { version: seen }),
          });
          send({ ...msg, _stateVersions: { ...msg._stateVersions, [place.key]: version } });
        }
        done();
      } catch (error) {
        done(error);
      }
    });
  }
  RED.nodes.registerType('lienthong-state', State);
};
