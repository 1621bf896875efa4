// @ts-check
import { doOnce } from './effect.js';
import { evaluateFilled } from './evaluate.js';
import { fault } from './fault.js';

/** Calls an app through a port of its connector. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function AppCall(config) {
    RED.nodes.createNode(this, config);
    const { app, port, method, input = 'payload', inputType = 'msg' } = config;
    doOnce(RED, this, 'app.call', async msg => {
      if (!app || !port || !method) throw fault(RED, 'not-set-up', { node: this.name || this.type });
      return { app, port, method, input: await evaluateFilled(RED, this, msg, input, inputType) };
    });
  }
  RED.nodes.registerType('lienthong-app-call', AppCall);
};
