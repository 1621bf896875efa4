// @ts-check
import { doOnce } from './effect.js';
import { evaluate, evaluateFilled, isEmpty } from './evaluate.js';
import { fault } from './fault.js';

/** @param {unknown} value one id or several */
const listOf = value => (isEmpty(value) ? [] : [value].flat());

/** Tells people, or everybody of a unit and nobody else, something. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function Notify(config) {
    RED.nodes.createNode(this, config);
    /** @param {Record<string, any>} msg @param {string} name */
    const readIds = async (msg, name) =>
      config[name]
        ? listOf(await evaluate(RED, this, msg, config[name], config[`${name}Type`] || 'msg'))
        : [];
    /** @param {Record<string, any>} msg @param {string} name */
    const readText = async (msg, name) =>
      String(await evaluateFilled(RED, this, msg, config[name] ?? '', config[`${name}Type`] || 'msg'));
    doOnce(RED, this, 'notify', async msg => {
      const [staffIds, unitIds] = [await readIds(msg, 'staff'), await readIds(msg, 'units')];
      if (staffIds.length + unitIds.length === 0)
        throw fault(RED, 'empty-input', {
          value: `${config.staff || '–'}, ${config.units || '–'}`,
          node: this.name || this.type,
        });
      const [subject, text] = [await readText(msg, 'subject'), await readText(msg, 'text')];
      return { app: config.app || 'mail', staffIds, unitIds, subject, text };
    });
  }
  RED.nodes.registerType('lienthong-notify', Notify);
};
