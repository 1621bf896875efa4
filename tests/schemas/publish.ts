import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventData, type VersionedName } from '#schemas/event-data.ts';
import { digestFile, digestOf, folder, readJson, standalone } from '#tests/schemas/published-schemas.ts';

// `node tests/schemas/publish.ts` writes the schema of every event that has none in schemas/published yet. It never
// writes over one.

const root = join(folder, '..', '..');
const write = (name: string, content: object): void => {
  const path = join(folder, name);
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
  execFileSync(join(root, 'node_modules', '.bin', 'biome'), ['format', '--write', path], { cwd: root });
};

const digests = existsSync(join(folder, digestFile)) ? readJson<Record<string, string>>(digestFile) : {};
const fresh = (Object.keys(eventData) as VersionedName[]).filter(
  name => digests[name] === undefined && !existsSync(join(folder, `${name}.json`)),
);
for (const name of fresh) {
  const schema = standalone(name);
  write(`${name}.json`, schema);
  digests[name] = digestOf(schema);
  console.log(`published ${name}`);
}
if (fresh.length === 0) console.log('Nothing to publish.');
else write(digestFile, digests);
