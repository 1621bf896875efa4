// @ts-check
import { messageOf } from './loan.js';

/** What was made or changed in an app since the last look: the hub asks and keeps the place. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
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
  RED.nodes.registerType('lienthong-changes-in', Source);
};
