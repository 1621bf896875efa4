import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Keeps a sandbox app's changes across restarts: one JSON line per change, replayed at start on top of the
 * generated beginning. A last line cut by `kill -9` is ignored.
 */
export const openJournal = <T>(
  file: string | undefined,
  replay: (change: T) => void,
): ((change: T) => void) => {
  if (file === undefined) return () => {};
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(file))
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      if (line === '') continue;
      try {
        replay(JSON.parse(line) as T);
      } catch {
        break;
      }
    }
  return change => appendFileSync(file, `${JSON.stringify(change)}\n`);
};
