// @ts-check
import { decideByTable } from './decide-by-table.js';
import { evaluate } from './evaluate.js';

/** Decides by a table: the first row that fits says what goes on; the second output is for when none does. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function Decide(config) {
    RED.nodes.createNode(this, config);
    /** @type {{ name: string, path: string }[]} columns: where each column's value is in the message */
    const columns = config.columns ?? [];
    const rows = config.rows ?? [];
    this.on('input', async (msg, send, done) => {
      try {
        /** @type {Record<string, unknown>} */
        const values = {};
        for (const { name, path } of columns) values[name] = await evaluate(RED, this, msg, path, 'msg');
        const row = decideByTable(rows, values);
        send(row === undefined ? [null, msg] : [{ ...msg, decision: row.then }, null]);
        done();
      } catch (error) {
        done(error);
      }
    });
  }
  RED.nodes.registerType('lienthong-decide', Decide);
};
