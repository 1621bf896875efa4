// @ts-check
import { messageOf } from './loan.js';

/** Where facts of the hub's log come in, and what other programs hand in. A message is on loan until it is acknowledged. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function EventIn(config) {
    RED.nodes.createNode(this, config);
    const limitMs = Number(config.limit || 60) * 1000;
    const stop = RED.settings.lienthong?.receive({ id: this.id, flow: this.z, limitMs }, leased =>
      this.send(messageOf(leased)),
    );
    this.on('close', () => stop?.());
  }
  RED.nodes.registerType('lienthong-event-in', EventIn);
};
