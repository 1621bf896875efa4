// @ts-check
import { fault } from './fault.js';

/** @typedef {import('#flows/nodes/node-red-api.d.ts').Red} Red @typedef {import('#flows/nodes/node-red-api.d.ts').RedNode} RedNode */

/**
 * The value of a typed input of a node: a member of the message, JSON, text, a JSONata expression, a unit's id. A member of what
 * is not there is not there, either.
 *
 * @param {Red} RED @param {RedNode} node @param {Record<string, unknown>} msg
 * @param {string} value @param {string} type as Node-RED's typed inputs name it: msg, json, str, num, jsonata, …
 * @returns {Promise<any>}
 */
export const evaluate = (RED, node, msg, value, type) =>
  new Promise((resolve, reject) =>
    RED.util.evaluateNodeProperty(value, type, node, msg, (error, result) => {
      if (!error) resolve(result);
      else if (type === 'msg' && error instanceof TypeError) resolve(undefined);
      else reject(error);
    }),
  );

/** @param {unknown} value */
export const isEmpty = value => value === undefined || value === null || value === '';

/**
 * The same, for what must be there.
 *
 * @param {Red} RED @param {RedNode} node @param {Record<string, unknown>} msg @param {string} value @param {string} type
 * @param {'no-key' | 'empty-input'} [code] what it is called when it is empty
 * @returns {Promise<any>}
 */
export const evaluateFilled = async (RED, node, msg, value, type, code = 'empty-input') => {
  const result = value === '' ? undefined : await evaluate(RED, node, msg, value, type);
  if (isEmpty(result))
    throw fault(RED, code, {
      value: type === 'msg' ? `msg.${value}` : String(value),
      node: node.name || node.type,
    });
  return result;
};
