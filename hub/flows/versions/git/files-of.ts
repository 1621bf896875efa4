import { createHash } from 'node:crypto';
import { fold } from '#hub/platform/vietnamese/fold.ts';
import type { FlowContents, FlowNode } from '#schemas/flow.ts';

/** What may stand in the name of a file everywhere. */
const isPlain = (id: string): boolean => /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(id);
const idPart = (id: string): string =>
  isPlain(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 16);
const namePart = (name: unknown): string =>
  fold(String(name ?? ''))
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);

const fileOf = ({ id, type, label, name }: FlowNode): [folder: string, file: string] => {
  const named = namePart(type === 'tab' ? label : name);
  return [type === 'tab' ? 'flows' : 'subflows', `${named === '' ? '' : `${named}~`}${idPart(id)}.json`];
};

/**
 * A version (in normal form) as files by folder: `flows/<name>~<id>.json` for each tab and `subflows/…` for each subflow, both
 * with their nodes, and `config.json` with the configuration nodes that all share. Each one can be imported into Node-RED
 * as it is.
 */
export const filesOf = (contents: FlowContents): Map<string, Map<string, string>> => {
  const byFlow = new Map<string, FlowNode[]>();
  const homes = contents.filter(({ type }) => type === 'tab' || type === 'subflow');
  for (const home of homes) byFlow.set(home.id, [home]);
  const shared: FlowNode[] = [];
  for (const node of contents)
    if (node.type !== 'tab' && node.type !== 'subflow') (byFlow.get(String(node.z)) ?? shared).push(node);
  const folders = new Map<string, Map<string, string>>();
  const put = (folder: string, file: string, nodes: FlowNode[]): void => {
    const files = folders.get(folder) ?? new Map<string, string>();
    folders.set(folder, files.set(file, `${JSON.stringify(nodes, undefined, 2)}\n`));
  };
  for (const home of homes) put(...fileOf(home), byFlow.get(home.id)!);
  if (shared.length > 0) put('', 'config.json', shared);
  return folders;
};
