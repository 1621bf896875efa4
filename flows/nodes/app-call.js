// @ts-check
import { doOnce } from './effect.js';
import { evaluate } from './evaluate.js';

/** Calls an app through a port of its connector. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function AppCall(config) {
    RED.nodes.createNode(this, config);
    const { app, port, method, input = 'payload', inputType = 'msg' } = config;
    doOnce(RED, this, 'app.call', async msg => ({
      app,
      port,
      method,
      input: await evaluate(RED, this, msg, input, inputType),
    }));
  }
  RED.nodes.registerType('lienthong-app-call', AppCall);
};
