import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventData } from '#schemas/event-data.ts';
import type { Json } from '#tests/schemas/compare-schemas.ts';

export const folder = join(import.meta.dirname, '..', '..', 'schemas', 'published');
/** Beside the schemas: what each one was when it was published. */
export const digestFile = 'digests.json';

export const readJson = <T = Json>(name: string): T =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;

/** `staff.joined.v1.json`, … */
export const publishedFiles = (): string[] =>
  readdirSync(folder)
    .filter(name => name.endsWith('.json') && name !== digestFile)
    .sort();

/** Of what a file says, not of how it is laid out. */
export const digestOf = (schema: Json): string =>
  createHash('sha256').update(JSON.stringify(schema)).digest('hex');

/** The schema of an event's data as a file of its own. */
export const standalone = (name: keyof typeof eventData): Json => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $comment: `data of vn.lienthong.${name}. Published: never changed, see tests/schemas/published.spec.ts`,
  ...(JSON.parse(JSON.stringify(eventData[name])) as Json),
});
