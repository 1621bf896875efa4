import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { eventNames } from '#schemas/event.ts';
import { eventData, type VersionedName } from '#schemas/event-data.ts';
import { compareSchemas, type Json } from '#tests/schemas/compare-schemas.ts';
import {
  digestFile,
  digestOf,
  folder,
  publishedFiles,
  readJson,
  standalone,
} from '#tests/schemas/published-schemas.ts';

const nextVersion = (name: string): string => name.replace(/\d+$/, version => String(Number(version) + 1));
const advice = (name: string): string =>
  `Apps read vn.lienthong.${name} by this schema. Leave it as it is, add '${nextVersion(name)}' to schemas/event-data.ts and run: node tests/schemas/publish.ts`;

/** The digests as the newest release had them; undefined where there is no release to look at. */
const readReleased = (): Record<string, string> | undefined => {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const tag = git('describe', '--tags', '--abbrev=0').trim();
    return JSON.parse(git('show', `${tag}:./${digestFile}`)) as Record<string, string>;
  } catch {
    return undefined;
  }
};

describe('The published schemas of events', () => {
  const names = publishedFiles().map(file => file.slice(0, -'.json'.length));

  it('are there for every event of the hub', () => {
    for (const name of eventNames)
      assert.ok(names.includes(`${name}.v1`), `${name}: node tests/schemas/publish.ts`);
    const missing = Object.keys(eventData).filter(name => !names.includes(name));
    assert.deepEqual(missing, [], 'Run: node tests/schemas/publish.ts');
  });

  // An edit of a published file fails here. The list of digests can be edited too, so it is guarded in turn: publish.ts
  // only adds lines to it, a changed line stands out in a review as what it is, and from the first release on the list
  // is held against that of the release's tag, which nobody can change on a branch.
  it('are what they were when they were published', () => {
    const digests = readJson<Record<string, string>>(digestFile);
    assert.deepEqual(
      Object.keys(digests).sort(),
      names,
      `${digestFile} has one line for each published schema`,
    );
    for (const name of names)
      assert.equal(
        digestOf(readJson(`${name}.json`)),
        digests[name],
        `${name}.json was changed. ${advice(name)}`,
      );
    for (const [name, digest] of Object.entries(readReleased() ?? {}))
      assert.equal(digests[name], digest, `${name} was released otherwise. ${advice(name)}`);
  });

  it('are kept by what the hub tells now: an event has what its schema promised, and perhaps more', () => {
    for (const name of names) {
      assert.ok(name in eventData, `${name} is gone from schemas/event-data.ts. ${advice(name)}`);
      const current = JSON.parse(JSON.stringify(eventData[name as VersionedName])) as Json;
      const breaches = compareSchemas(readJson(`${name}.json`), current);
      assert.deepEqual(
        breaches.map(({ pointer, kind, detail }) => `${kind} ${pointer} (${detail})`),
        [],
        advice(name),
      );
    }
  });

  it('compile by themselves, and carry a title for people', () => {
    const ajv = new Ajv2020({ strict: true, validateFormats: false, allowUnionTypes: true });
    for (const name of names) {
      const schema = readJson(`${name}.json`);
      ajv.compile(schema);
      assert.equal(typeof schema.title, 'string', name);
      assert.equal(schema.$schema, standalone(name as VersionedName).$schema);
    }
  });
});
