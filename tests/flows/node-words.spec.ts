import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from '#hub/platform/messages.ts';
import { eventNames } from '#schemas/event.ts';

const folder = join(import.meta.dirname, '..', '..', 'flows', 'nodes');
const read = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8');
const { 'node-red': set } = JSON.parse(read('package.json')) as {
  'node-red': { nodes: Record<string, string>; plugins: Record<string, string> };
};
const nodes = Object.values(set.nodes).map(file => file.replace('.js', ''));
const languages = ['vi', 'en-US'];

/** The keys of a catalogue, as they are asked for. */
const keysOf = (words: object, before = ''): string[] =>
  Object.entries(words).flatMap(([name, value]) =>
    typeof value === 'object' ? keysOf(value as object, `${before}${name}.`) : [`${before}${name}`],
  );
const wordsOf = (language: string, name: string): string[] =>
  keysOf(JSON.parse(read('locales', language, `${name}.json`)) as object).sort();

describe('Words of nodes', () => {
  for (const name of [...nodes, 'form-data'])
    it(`${name} says the same in both languages`, () => {
      const [vi, en] = languages.map(language => wordsOf(language, name));
      assert.deepEqual(vi, en);
    });
  for (const name of nodes)
    it(`${name} has every word that its form shows, and its help`, () => {
      const form = read(`${name}.html`);
      const asked = [
        ...[...form.matchAll(/data-i18n="(?:\[[\w-]+\])?([^"]+)"/g)].map(([, key]) => key!),
        ...[...form.matchAll(/_\('([^']+)'/g)].map(([, key]) => key!),
      ].filter(key => !key.startsWith('node-red:'));
      const known = wordsOf('vi', name);
      assert.deepEqual(
        asked.filter(key => !known.includes(key)),
        [],
      );
      for (const language of languages)
        assert.match(
          read('locales', language, `${name}.html`),
          new RegExp(`data-help-name="lienthong-${name}"`),
        );
    });
  it('the scripts of forms ask for words that are there', () => {
    const known = wordsOf('vi', 'form-data');
    const scripts = ['form', 'unit-field', 'call-field', 'members-form', 'operation-form', 'table-form'];
    for (const script of scripts) {
      assert.ok(
        read('form-data.html').includes(`/${script}.js"`) &&
          existsSync(join(folder, 'resources', `${script}.js`)),
      );
      for (const [, key] of read('resources', `${script}.js`).matchAll(/\bsay\('([^']+)'/g))
        assert.ok(known.includes(`form.${key}`), `${script}: ${key}`);
    }
  });
  it('every type of event has a title', () => {
    for (const language of ['vi', 'en'] as const)
      for (const name of eventNames) assert.notEqual(say(language, `events.${name}`), `events.${name}`);
  });
});
