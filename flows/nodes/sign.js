// @ts-check
import { doOnce } from './effect.js';
import { evaluateFilled } from './evaluate.js';

/**
 * Asks for a document to be signed: by people, by the organisation, in order. It goes on when the request is durable, not when it
 * is signed: that comes as the event `signing.returned`. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED
 */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function Sign(config) {
    RED.nodes.createNode(this, config);
    const { request = 'payload', requestType = 'msg' } = config;
    doOnce(RED, this, 'hub.command', async msg => ({
      method: 'POST',
      path: '/api/v1/signing/requests',
      body: await evaluateFilled(RED, this, msg, request, requestType),
    }));
  }
  RED.nodes.registerType('lienthong-sign', Sign);
};
