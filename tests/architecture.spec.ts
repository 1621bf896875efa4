import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folders = ['schemas', 'signature', 'edxml', 'hub', 'connectors', 'sso', 'flows', 'sandbox'];

describe('The dependency rule', () => {
  it('holds, and every TypeScript file was seen (a blind checker finds nothing wrong either)', function () {
    this.timeout(120_000);
    const printed = execFileSync(
      process.execPath,
      [
        'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
        '--config',
        '.dependency-cruiser.cjs',
        '--output-type',
        'json',
        ...folders,
        'start.ts',
      ],
      { cwd: root, encoding: 'utf8', maxBuffer: 100_000_000 },
    );
    const { modules, summary } = JSON.parse(printed) as {
      modules: { source: string }[];
      summary: { violations: { rule: { name: string }; from: string; to: string }[] };
    };
    assert.deepEqual(
      summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
      [],
    );
    const seen = new Set(modules.map(({ source }) => source));
    const files = folders.flatMap(folder =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter(file => file.endsWith('.ts'))
        .map(file => `${folder}/${file}`),
    );
    assert.ok(files.length > 100);
    assert.deepEqual(
      files.filter(file => !seen.has(file)),
      [],
    );
  });
});
