// @ts-check
import { doOnce } from './effect.js';
import { evaluate, evaluateFilled, isEmpty } from './evaluate.js';
import { fault } from './fault.js';

/** @typedef {Record<string, { value: string, type: string }>} Typed by name, how to come by the value */

/** A path of the API with its parameters filled in; each is one segment. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED @param {string} path @param {Record<string, unknown>} values */
const fill = (RED, path, values) =>
  path.replace(/\{(\w+)\}/g, (_, name) => {
    if (isEmpty(values[name])) throw fault(RED, 'parameter-missing', { name, path });
    return encodeURIComponent(String(values[name]));
  });

/** One operation of the hub's API, chosen from its description. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function HubCommand(config) {
    RED.nodes.createNode(this, config);
    const {
      method,
      path,
      parameters = {},
      query = {},
      body = 'payload',
      bodyType = 'msg',
      members = {},
    } = config;
    /** What is not empty of it. @param {Record<string, any>} msg @param {Typed} given */
    const read = async (msg, given) => {
      /** @type {Record<string, unknown>} */
      const values = {};
      for (const [name, { value, type }] of Object.entries(given)) {
        const result = await evaluate(RED, this, msg, value, type);
        if (!isEmpty(result)) values[name] = result;
      }
      return values;
    };
    /** @param {Record<string, any>} msg */
    const readBody = msg =>
      bodyType === 'members' ? read(msg, members) : evaluateFilled(RED, this, msg, body, bodyType);
    doOnce(RED, this, 'hub.command', async msg => {
      if (!method || !path) throw fault(RED, 'not-set-up', { node: this.name || this.type });
      const asked = Object.entries(await read(msg, query));
      return {
        method,
        path: fill(RED, path, await read(msg, parameters)),
        query: Object.fromEntries(asked.map(([name, value]) => [name, String(value)])),
        ...(method === 'GET' || method === 'DELETE' ? {} : { body: await readBody(msg) }),
      };
    });
  }
  RED.nodes.registerType('lienthong-hub-command', HubCommand);
};
