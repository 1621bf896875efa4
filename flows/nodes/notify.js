// @ts-check
import { doOnce } from './effect.js';
import { evaluate } from './evaluate.js';

/** @param {unknown} value one id or several */
const listOf = value => (value === undefined || value === null || value === '' ? [] : [value].flat());

/** Tells people, or everybody of a unit and nobody else, something. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function Notify(config) {
    RED.nodes.createNode(this, config);
    /** @param {Record<string, any>} msg @param {string} name */
    const read = (msg, name) =>
      config[name] ? evaluate(RED, this, msg, config[name], config[`${name}Type`] || 'msg') : undefined;
    doOnce(RED, this, 'notify', async msg => ({
      app: config.app || 'mail',
      staffIds: listOf(await read(msg, 'staff')),
      unitIds: listOf(await read(msg, 'units')),
      subject: String(await read(msg, 'subject')),
      text: String(await read(msg, 'text')),
    }));
  }
  RED.nodes.registerType('lienthong-notify', Notify);
};
