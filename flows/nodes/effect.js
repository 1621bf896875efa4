// @ts-check
import { loanOf } from './loan.js';

/**
 * A node that does something to the world, once for each message: repeated, the first answer comes back and nothing is done. The
 * answer is the payload of what goes on.
 *
 * @param {import('#flows/nodes/node-red-api.d.ts').Red} RED @param {import('#flows/nodes/node-red-api.d.ts').RedNode} node @param {string} command see `effects` in hub/flows
 * @param {(msg: Record<string, any>) => Promise<unknown>} inputOf
 */
export const doOnce = (RED, node, command, inputOf) => {
  const hub = RED.settings.lienthong;
  node.on('input', async (msg, send, done) => {
    try {
      const { id, lease } = loanOf(RED, msg);
      const input = await inputOf(msg);
      const key = hub.effectKey({ id, lease }, node.id, input);
      const { answer } = await hub.call('flows.effect', { id, lease, key, command, input });
      send({ ...msg, payload: answer });
      done();
    } catch (error) {
      done(error);
    }
  });
};
