// @ts-check
/**
 * The value of a typed input of a node: a member of the message, JSON, text, a JSONata expression.
 *
 * @param {import('#flows/nodes/node-red-api.d.ts').Red} RED @param {import('#flows/nodes/node-red-api.d.ts').RedNode} node @param {Record<string, unknown>} msg
 * @param {string} value @param {string} type as Node-RED's typed inputs name it: msg, json, str, num, jsonata, …
 * @returns {Promise<any>}
 */
export const evaluate = (RED, node, msg, value, type) =>
  new Promise((resolve, reject) =>
    RED.util.evaluateNodeProperty(value, type, node, msg, (error, result) =>
      error ? reject(error) : resolve(result),
    ),
  );
