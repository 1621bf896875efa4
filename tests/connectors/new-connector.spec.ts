import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problemWithId } from '#connectors/kit/cli/make-connector.ts';
import { projectRoot, runProgram } from '#tests/connectors/run-program.ts';

const id = 'quan-ly-dat-dai-va-tai-nguyen-moi-truong';
const newConnector = 'connectors/kit/cli/new-connector.ts';

const filesOf = (root: string): string[] =>
  ['connectors', 'sandbox', 'schemas', 'messages', 'tests']
    .flatMap(shelf => readdirSync(join(root, shelf), { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort();

describe('npm run connector:new', () => {
  let root: string;

  before(() => {
    // A small copy of the project: the new folders must not appear beside other running specs.
    root = mkdtempSync(join(tmpdir(), 'lienthong-new-'));
    const parts = ['package.json', '.mocharc.json', 'biome.json', 'schemas', 'messages', 'tests/connectors'];
    for (const shelf of ['connectors', 'sandbox']) parts.push(`${shelf}/kit`, `${shelf}/_template`);
    for (const part of parts) cpSync(join(projectRoot, part), join(root, part), { recursive: true });
    symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it('makes two folders and changes nothing else', async () => {
    const before = new Map(filesOf(root).map(file => [file, readFileSync(file, 'utf8')]));
    const ended = await runProgram([newConnector, id], root);
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, new RegExp(`connectors/${id}`));
    const added = filesOf(root).filter(file => !before.has(file));
    for (const file of added) {
      assert.ok(
        [`connectors/${id}/`, `sandbox/${id}/`].some(folder => file.includes(folder)),
        file,
      );
      assert.doesNotMatch(readFileSync(file, 'utf8'), /new-app|NewApp/, file);
    }
    assert.equal(added.length, 8);
    for (const [file, text] of before) assert.equal(readFileSync(file, 'utf8'), text, file);
  });

  it('makes a connector that passes the whole contract at once', async () => {
    const mocha = join(projectRoot, 'node_modules/mocha/bin/mocha.js');
    const specs = ['contract', 'contract-faults', 'contract-folders'].map(
      name => `tests/connectors/${name}.spec.ts`,
    );
    // `--spec` in .mocharc.json would add all others.
    const ended = await runProgram([mocha, '--no-config', '--timeout', '60000', ...specs], root);
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    const passing = Number(/(\d+) passing/.exec(ended.stdout)?.[1]);
    assert.ok(passing >= 28, `${passing} passing`);
    assert.ok(ended.stdout.includes(`connector ${id} keeps the contract`));
    assert.doesNotMatch(ended.stdout, /pending|failing/);
  });

  it('makes code that the project’s own checks accept', async () => {
    const biome = join(projectRoot, 'node_modules/@biomejs/biome/bin/biome');
    const folders = [`connectors/${id}`, `sandbox/${id}`];
    const ended = await runProgram([biome, 'check', '--vcs-enabled=false', ...folders], root);
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
  });

  it('refuses an id that is taken, and leaves what is there alone', async () => {
    const ended = await runProgram([newConnector, id], root);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /Đã có thư mục .* already/);
    assert.ok(existsSync(join(root, 'connectors', id, 'manifest.json')));
  });

  it('refuses ids that are no folder names, and those that mean something else', () => {
    for (const bad of [
      '',
      'A',
      'a',
      'Đất-đai',
      'dat--dai',
      'dat-',
      '-dat',
      '../x',
      'dat_dai',
      '1dat',
      'x'.repeat(42),
    ])
      assert.equal(problemWithId(bad, root), 'bad-id', bad);
    for (const name of ['kit', 'province', 'new-app']) assert.equal(problemWithId(name, root), 'reserved-id');
    assert.equal(problemWithId('dat-dai', root), undefined);
  });

  it('tells how to use it when no id is given', async () => {
    const ended = await runProgram([newConnector], root);
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /connector:new/);
  });
});
