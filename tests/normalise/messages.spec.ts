import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flagCodes, refusalCodes } from '#hub/intake/normalise/codes.ts';

type Words = Record<string, string>;

function read(file: string): Words {
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'messages', file), 'utf8')) as Words;
}

const vietnamese = read('intake.vi.json');
const english = read('intake.en.json');

describe('the words for intake codes', () => {
  const codes = [...refusalCodes, ...flagCodes];

  it('exist in Vietnamese and English for every code', () => {
    for (const words of [vietnamese, english]) {
      for (const code of codes) assert.ok(words[code], code);
    }
  });

  it('are the same codes with the same placeholders in both languages', () => {
    const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    assert.deepEqual(Object.keys(vietnamese).sort(), Object.keys(english).sort());
    for (const [code, text] of Object.entries(vietnamese)) {
      assert.deepEqual(placeholders(text), placeholders(english[code]!), code);
      assert.equal(text, text.normalize('NFC'), code);
    }
  });
});
