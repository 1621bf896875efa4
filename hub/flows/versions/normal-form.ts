import { AppError } from '#hub/platform/errors.ts';
import type { FlowContents, FlowNode } from '#schemas/flow.ts';

/** What Node-RED takes to be there anyway, so that it is the same whether the editor wrote it or not. */
const defaults: [property: string, isDefault: (value: unknown) => boolean][] = [
  ['info', value => value === ''],
  ['env', value => Array.isArray(value) && value.length === 0],
  ['d', value => value === false],
  ['g', value => value === ''],
];
const tabDefaults: typeof defaults = [
  ['disabled', value => value === false],
  ['locked', value => value === false],
];

const sortKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => [key, sortKeys(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** Variables of type `cred` have their value among the credentials. */
const withoutSecrets = (env: unknown): unknown =>
  Array.isArray(env)
    ? env.map(variable => {
        if (variable?.type !== 'cred') return variable;
        const { value: _secret, ...rest } = variable;
        return rest;
      })
    : env;

const normalNode = ({ credentials: _secret, ...node }: FlowNode): FlowNode => {
  const known = node.type === 'tab' ? [...defaults, ...tabDefaults] : defaults;
  const shown: Record<string, unknown> = { ...node };
  for (const [property, isDefault] of known) if (isDefault(node[property])) delete shown[property];
  if (shown.env !== undefined) shown.env = withoutSecrets(shown.env);
  // Which nodes are in a group is a set.
  if (node.type === 'group' && Array.isArray(node.nodes)) shown.nodes = [...node.nodes].sort();
  return sortKeys(shown) as FlowNode;
};

/** Tabs and subflows in the order in which the editor shows them, then configuration nodes of no tab. */
const orderOf = (contents: FlowContents): Map<string, number> =>
  new Map(
    ['tab', 'subflow']
      .flatMap(type => contents.filter(node => node.type === type))
      .map((node, at) => [node.id, at] as const),
  );

const refuseTwins = (contents: FlowContents): void => {
  const firstAt = new Map<string, number>();
  for (const [at, { id }] of contents.entries()) if (!firstAt.has(id)) firstAt.set(id, at);
  const faults = contents.flatMap(({ id }, at) =>
    firstAt.get(id) === at ? [] : [{ pointer: `/contents/${at}/id`, code: 'duplicate' }],
  );
  if (faults.length > 0) throw new AppError('invalid-request', {}, { faults });
};

/**
 * The one form of Node-RED's array that stands for all that mean the same: tabs, then subflows, in their order; then nodes by
 * their flow and id; keys sorted, defaults left out. Positions are kept: without them Node-RED takes a node for a
 * configuration node. Credentials do not belong here and are left out.
 *
 * @throws {AppError} `invalid-request` two nodes have the same id
 */
export const toNormalForm = (contents: FlowContents): FlowContents => {
  refuseTwins(contents);
  const order = orderOf(contents);
  const placeOf = (node: FlowNode): [number, number, string] => {
    const own = order.get(node.id);
    if (own !== undefined && (node.type === 'tab' || node.type === 'subflow')) return [0, own, ''];
    return [1, order.get(String(node.z)) ?? order.size, node.id];
  };
  return contents
    .map(node => ({ node: normalNode(node), place: placeOf(node) }))
    .sort(({ place: a }, { place: b }) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1))
    .map(({ node }) => node);
};
