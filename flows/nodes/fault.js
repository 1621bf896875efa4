// @ts-check
/**
 * A fault of a node with its code, in the words that people read among the dead letters (`fault` in form-data.json).
 *
 * @param {import('#flows/nodes/node-red-api.d.ts').Red} RED
 * @param {'no-loan' | 'no-key' | 'empty-input' | 'no-date' | 'parameter-missing' | 'not-set-up'} code
 * @param {Record<string, string>} [params]
 */
export const fault = (RED, code, params = {}) =>
  Object.assign(new Error(RED._(`@lienthong/node-red/lienthong-form-data:fault.${code}`, params)), { code });
