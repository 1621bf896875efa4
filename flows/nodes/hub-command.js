// @ts-check
import { doOnce } from './effect.js';
import { evaluate } from './evaluate.js';

/** A path of the API with its parameters filled in; each is one segment. @param {string} path @param {Record<string, unknown>} values */
const fill = (path, values) =>
  path.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    if (value === undefined || value === null || value === '')
      throw Object.assign(new Error(`The parameter "${name}" of ${path} is missing.`), {
        code: 'parameter-missing',
      });
    return encodeURIComponent(String(value));
  });

/** One operation of the hub's API, chosen from its description. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function HubCommand(config) {
    RED.nodes.createNode(this, config);
    const { method, path, body = 'payload', bodyType = 'msg' } = config;
    /** @type {Record<string, { value: string, type: string }>} */
    const parameters = config.parameters ?? {};
    /** @type {Record<string, { value: string, type: string }>} */
    const query = config.query ?? {};
    /** @param {Record<string, any>} msg @param {Record<string, { value: string, type: string }>} given */
    const read = async (msg, given) => {
      /** @type {Record<string, unknown>} */
      const values = {};
      for (const [name, { value, type }] of Object.entries(given)) {
        const result = await evaluate(RED, this, msg, value, type);
        if (result !== undefined && result !== null && result !== '') values[name] = String(result);
      }
      return values;
    };
    doOnce(RED, this, 'hub.command', async msg => ({
      method,
      path: fill(path, await read(msg, parameters)),
      query: await read(msg, query),
      ...(method === 'GET' || method === 'DELETE'
        ? {}
        : { body: await evaluate(RED, this, msg, body, bodyType) }),
    }));
  }
  RED.nodes.registerType('lienthong-hub-command', HubCommand);
};
