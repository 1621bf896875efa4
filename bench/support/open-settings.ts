import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The settings with which the sandbox apps are reached, from what the sandbox keeps in the data directory. */
export const openSettings = (dataDir: string): Record<string, Record<string, unknown>> =>
  JSON.parse(readFileSync(join(dataDir, 'sandbox', 'settings.json'), 'utf8')) as Record<
    string,
    Record<string, unknown>
  >;
