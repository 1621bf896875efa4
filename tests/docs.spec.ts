import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { ownRoutes } from '#hub/gateway/own-routes.ts';
import { errorStatus } from '#hub/platform/errors.ts';
import { findParts } from '#hub/platform/find-parts.ts';
import type { Described } from '#hub/platform/http/mount.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

const root = resolve(import.meta.dirname, '..');
const readText = (file: string): string => readFileSync(join(root, file), 'utf8');
const readJson = <T>(file: string): T => JSON.parse(readText(file)) as T;

const findDocuments = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    return entry.isDirectory() ? findDocuments(path) : entry.name.endsWith('.md') ? [path] : [];
  });
const documents = findDocuments('').map(file => ({ file, text: readText(file) }));

/** What a pattern finds in the documents, with the document's name in front for the message. */
const findAll = (pattern: RegExp): { file: string; groups: string[] }[] =>
  documents.flatMap(({ file, text }) =>
    [...text.matchAll(pattern)].map(match => ({ file, groups: match.slice(1).map(group => group ?? '') })),
  );

/** Anchors as GitHub makes them of headings. */
const anchorsOf = (text: string): string[] =>
  [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );

const problemWithLink = (file: string, link: string): string | undefined => {
  const [path = '', anchor] = decodeURI(link).split('#');
  const target = path === '' ? join(root, file) : resolve(root, dirname(file), path);
  if (!target.startsWith(root + sep)) return 'leads out of the project';
  if (!existsSync(target)) return 'is not there';
  if (anchor === undefined || !target.endsWith('.md')) return undefined;
  return anchorsOf(readText(relative(root, target))).includes(anchor) ? undefined : 'has no such heading';
};

/** Whether a path as documents write it (`<id>`, `{id}`, a real id) is one of a route. */
const isOf = (route: Described, path: string): boolean => {
  const [ours, theirs] = [route.path.split('/'), path.split('/')];
  return (
    ours.length === theirs.length &&
    ours.every((segment, at) => segment === theirs[at] || (segment.startsWith('{') && theirs[at] !== ''))
  );
};

describe('The documents', () => {
  it('are all found, and every link leads to a file and a heading that are there', () => {
    assert.ok(documents.length > 20);
    const links = findAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g);
    assert.ok(links.length > 50);
    const wrong = links.flatMap(({ file, groups: [link] }) => {
      const problem = problemWithLink(file, link!);
      return problem === undefined ? [] : [`${file}: ${link} ${problem}`];
    });
    assert.deepEqual(wrong, []);
  });

  it('name only files of the project that are there', () => {
    const folders = readdirSync(root, { withFileTypes: true })
      .filter(entry => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
      .map(entry => entry.name);
    const named = findAll(new RegExp(`[\`\\s]((?:${folders.join('|')})/[\\w./-]+\\.[a-z]+)\``, 'g'));
    assert.ok(named.length > 20);
    // What deploy/make-secrets.sh makes is never in the repository.
    const wrong = named.filter(
      ({ groups: [path] }) => !path!.startsWith('deploy/secrets/') && !existsSync(join(root, path!)),
    );
    assert.deepEqual(wrong, []);
  });

  it('name only npm scripts that there are', () => {
    const { scripts } = readJson<{ scripts: Record<string, string> }>('package.json');
    const named = findAll(/npm run (?:-s )?([\w:-]+)/g);
    assert.ok(named.length > 5);
    assert.deepEqual(
      named.filter(({ groups: [script] }) => scripts[script!] === undefined),
      [],
    );
  });

  it('name only settings that the configuration reads', () => {
    const config = readText('hub/platform/config.ts');
    const named = findAll(/\b(LIENTHONG_[A-Z_]+|DATABASE_URL|NATS_URL)\b/g);
    assert.ok(named.length > 20);
    assert.deepEqual(
      named.filter(({ groups: [name] }) => !config.includes(name!)),
      [],
    );
  });

  describe('about the API', () => {
    let hub: TestHub;
    let routes: Described[];
    before(async () => {
      hub = await createTestHub(
        (await findParts()).map(({ create }) => create),
        { started: false },
      );
      routes = [
        ...hub.parts.flatMap(part => [
          ...(part.routes ?? []),
          ...(part.mounts ?? []).flatMap(({ operations }) => operations ?? []),
        ]),
        ...ownRoutes(
          async () => ({ ready: true, roles: {} }),
          () => ({}),
          () => ({}),
        ),
      ];
    });
    after(() => hub.stop());

    it('name only addresses that a route answers, with a method that it has', () => {
      const pattern = /(?:\b(GET|POST|PUT|DELETE) )?(\/(?:api\/v1|sso|console|problems)\/[^\s`"'?)|,;…]+)/g;
      const named = findAll(pattern);
      assert.ok(named.length > 80);
      const wrong = named.filter(({ groups: [method, path] }) => {
        const clean = path!.replace(/[.:]+$/, '');
        if (clean === '/console/') return false;
        return !routes.some(route => isOf(route, clean) && (method === '' || route.method === method));
      });
      assert.deepEqual(wrong, []);
    });
  });

  it('have words in both languages for every error code, and for no other', () => {
    const codes = Object.keys(errorStatus).sort();
    for (const language of ['vi', 'en'])
      assert.deepEqual(
        Object.keys(readJson<object>(`messages/errors.${language}.json`)).sort(),
        codes,
        language,
      );
  });
});
