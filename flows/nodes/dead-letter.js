// @ts-check
import { loanOf } from './loan.js';

/** Gives a message up: it is among the dead letters with the reason, and can be replayed from there. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function DeadLetter(config) {
    RED.nodes.createNode(this, config);
    this.on('input', async (msg, _send, done) => {
      try {
        const { id, lease } = loanOf(RED, msg);
        // A Catch node puts the name of the error's class before its words.
        const caught = msg.error?.message?.replace(/^\w*(Error|Refusal): /, '');
        const text = String(caught ?? (config.reason || RED._('dead-letter.given-up')));
        const source = msg.error?.source ?? { id: this.id, name: this.name, type: this.type };
        const fault = {
          code: String(msg.error?.code ?? 'given-up'),
          text: text.slice(0, 2000),
          node: source.id,
          nodeName: source.name || source.type,
        };
        await RED.settings.lienthong.settle({ id, lease, fault, final: true });
        done();
      } catch (error) {
        done(error);
      }
    });
  }
  RED.nodes.registerType('lienthong-dead-letter', DeadLetter);
};
