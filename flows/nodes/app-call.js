// @ts-check
import { loanOf } from './loan.js';

/** Calls an app through its connector. Repeated for the same message it tells the first answer and calls nobody. @param {any} RED */
export default RED => {
  /** @this {any} @param {any} config */
  function AppCall(config) {
    RED.nodes.createNode(this, config);
    const { app, port, method } = config;
    const hub = RED.settings.lienthong;
    this.on('input', async (msg, send, done) => {
      try {
        const { id, lease } = loanOf(msg);
        const input = await new Promise((resolve, reject) =>
          RED.util.evaluateNodeProperty(
            config.input || 'payload',
            config.inputType || 'msg',
            this,
            msg,
            (/** @type {unknown} */ error, /** @type {unknown} */ value) =>
              error ? reject(error) : resolve(value),
          ),
        );
        const given = { app, port, method, input };
        const key = hub.effectKey({ id, lease }, this.id, given);
        const { answer } = await hub.call('flows.effect', {
          id,
          lease,
          key,
          command: 'app.call',
          input: given,
        });
        send({ ...msg, payload: answer });
        done();
      } catch (error) {
        done(error);
      }
    });
  }
  RED.nodes.registerType('lienthong-app-call', AppCall);
};
