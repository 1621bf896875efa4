// @ts-check
/** Stands in for Node-RED's own node while cases run: it asks the case, never the network. @param {import('#flows/nodes/node-red-api.d.ts').Red} RED */
export default RED => {
  /** @this {import('#flows/nodes/node-red-api.d.ts').RedNode} @param {Record<string, any>} config */
  function HttpRequest(config) {
    RED.nodes.createNode(this, config);
    this.on('input', async (msg, send, done) => {
      try {
        const input = { method: config.method, url: config.url || msg.url, body: msg.payload };
        const answer = await RED.settings.lienthong.call('http.request', {
          id: msg._lienthong?.id,
          ...input,
        });
        send({ ...msg, statusCode: 200, payload: answer });
        done();
      } catch (error) {
        done(error);
      }
    });
  }
  RED.nodes.registerType('http request', HttpRequest);
};
