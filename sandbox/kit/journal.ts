import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
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
  if (existsSync(file)) {
    const text = readFileSync(file, 'utf8');
    // What stands behind the last line break was cut off; what comes next must not be joined to it.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) writeFileSync(file, whole);
    for (const line of whole.split('\n')) if (line !== '') replay(JSON.parse(line) as T);
  }
  const descriptor = openSync(file, 'a');
  return change => writeSync(descriptor, `${JSON.stringify(change)}\n`);
};
