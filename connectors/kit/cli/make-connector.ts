import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names that mean something else in `connectors/` or `sandbox/`. */
const reserved = ['kit', 'province', 'new-app', 'template'];

/** Why an id is not fit to be a connector's; undefined when it is. */
export const problemWithId = (id: string, root: string): 'bad-id' | 'reserved-id' | 'exists' | undefined => {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) || id.length < 2 || id.length > 41) return 'bad-id';
  if (reserved.includes(id)) return 'reserved-id';
  const taken = ['connectors', 'sandbox'].some(shelf => existsSync(join(root, shelf, id)));
  return taken ? 'exists' : undefined;
};

const pascal = (id: string): string =>
  id
    .split('-')
    .map(word => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const fill = (folder: string, id: string): void => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const text = readFileSync(file, 'utf8').replaceAll('new-app', id).replaceAll('NewApp', pascal(id));
    writeFileSync(file, text);
    if (entry.name.includes('new-app')) renameSync(file, join(folder, entry.name.replace('new-app', id)));
  }
};

/**
 * Copies `connectors/_template` and `sandbox/_template` to two new folders and puts the id in. The id must
 * have passed {@link problemWithId}. When it fails half-way it leaves nothing behind.
 */
export const makeConnector = (id: string, root: string): string[] => {
  const folders = ['connectors', 'sandbox'].map(shelf => join(root, shelf, id));
  try {
    for (const shelf of ['connectors', 'sandbox']) {
      const folder = join(root, shelf, id);
      cpSync(join(root, shelf, '_template'), folder, { recursive: true });
      fill(folder, id);
    }
  } catch (error) {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return folders;
};
