// @ts-check
import { messageOf } from './loan.js';

/**
 * A node that sends on what the hub lends it; how the hub comes by it is the node's type.
 *
 * @param {import('#flows/nodes/node-red-api.d.ts').Red} RED @param {string} type
 */
export const registerTakingIn = (RED, type) => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function TakeIn(config) {
    RED.nodes.createNode(this, config);
    const limitMs = Number(config.limit || 60) * 1000;
    const stop = RED.settings.lienthong?.receive({ id: this.id, flow: this.z, limitMs }, leased =>
      this.send(messageOf(leased)),
    );
    this.on('close', () => stop?.());
  }
  RED.nodes.registerType(type, TakeIn);
};
