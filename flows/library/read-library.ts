import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowContents } from '#schemas/flow.ts';
import type { FlowCase } from '#schemas/flow-case.ts';

/** A flow of the library: its tab's id is the folder's name. */
export interface LibraryFlow {
  id: string;
  contents: FlowContents;
  cases: FlowCase[];
}

const folder = import.meta.dirname;
const readJson = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), 'utf8')) as T;

/**
 * The flows that come with the hub: `<flow>/flow.json` (Node-RED's own form), `<flow>/README.vi.md`, which says what it does, who
 * owns it and what to set and is shown in the editor beside the flow, and `<flow>/cases/*.json`.
 */
export const readLibrary = (): LibraryFlow[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name: id }) => {
      const info = readFileSync(join(folder, id, 'README.vi.md'), 'utf8');
      const contents = readJson<FlowContents>(folder, id, 'flow.json').map(node =>
        node.type === 'tab' ? { ...node, info } : node,
      );
      const cases = join(folder, id, 'cases');
      const files = existsSync(cases) ? readdirSync(cases).sort() : [];
      return { id, contents, cases: files.map(file => readJson<FlowCase>(cases, file)) };
    })
    .sort((one, other) => one.id.localeCompare(other.id));
