// @ts-check
import { messageOf } from './loan.js';

/** The clock: the hub keeps the next time, so that each comes once, whatever process runs. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function Source(config) {
    RED.nodes.createNode(this, config);
    const limitMs = Number(config.limit || 60) * 1000;
    const stop = RED.settings.lienthong?.receive({ id: this.id, flow: this.z, limitMs }, leased =>
      this.send(messageOf(leased)),
    );
    this.on('close', () => stop?.());
  }
  RED.nodes.registerType('lienthong-schedule-in', Source);
};
