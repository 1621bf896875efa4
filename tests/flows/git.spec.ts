import assert from 'node:assert/strict';
import fs from 'node:fs';
import { mkdtemp, readdir, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import git from 'isomorphic-git';
import { filesOf } from '#hub/flows/versions/git/files-of.ts';
import { writeRepository } from '#hub/flows/versions/git/write-repository.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { an, binh, type EditedHub, flowFor, startEdited } from '#tests/flows/play-editors.ts';

describe('The Git folder of the flows', () => {
  let folder: string;
  let gitdir: string;
  let edited: EditedHub;
  let numbers: number[];

  /** All branches and tags with their commits: with these all that Git holds is the same. */
  const readRefs = async (dir = gitdir): Promise<Record<string, string>> => {
    const names = [
      ...(await git.listBranches({ fs, gitdir: dir })).map(name => `refs/heads/${name}`),
      ...(await git.listTags({ fs, gitdir: dir })).map(name => `refs/tags/${name}`),
    ];
    // Git itself passes over these.
    const real = names.filter(name => !name.endsWith('.lock'));
    const refs = real.map(async ref => [ref, await git.resolveRef({ fs, gitdir: dir, ref })]);
    return Object.fromEntries(await Promise.all(refs));
  };
  const readCommit = async (ref: string) =>
    (await git.readCommit({ fs, gitdir, oid: await git.resolveRef({ fs, gitdir, ref }) })).commit;
  const readFile = async (ref: string, filepath: string): Promise<string> => {
    const oid = await git.resolveRef({ fs, gitdir, ref });
    return Buffer.from((await git.readBlob({ fs, gitdir, oid, filepath })).blob).toString();
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flows-git-'));
    gitdir = join(folder, 'flows.git');
    edited = await startEdited();
    const first = await edited.deploy(an, undefined, flowFor('đơn vị'), { $: 'bi-mat' });
    const second = await edited.deploy(binh, first.number, flowFor('lãnh đạo'));
    await edited.deploy(an, first.number, flowFor('văn thư')).catch(() => {});
    numbers = [first.number, second.number, second.number + 1];
    await edited.hub.call('flows.roll-back', {
      ...{ stage: 'sandbox', version: first.number, reason: 'sai người', ...an },
    });
    const { number } = await edited.hub.call('flows.propose', {
      ...{ version: second.number, message: '', ...an },
    });
    await edited.hub.call('flows.review', { number, approve: true, comment: '', ...an });
    await edited.hub.call('flows.promote', { number, ...an });
    await writeRepository(edited.hub.db, gitdir);
  });
  after(async () => {
    await edited.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('holds a commit of each version, by its author, after the one that it was made from', async () => {
    const refs = await readRefs();
    const [first, second, kept] = numbers.map(number => refs[`refs/tags/v${number}`]);
    assert.deepEqual((await readCommit(`v${numbers[1]}`)).parent, [first]);
    assert.deepEqual(
      (await readCommit(`v${numbers[2]}`)).parent,
      [first],
      'what came too late is kept beside',
    );
    assert.equal(refs['refs/heads/sandbox'], first, 'rolled back');
    assert.equal(refs['refs/heads/production'], second);
    assert.ok(kept);
    const { author, message } = await readCommit(`v${numbers[1]}`);
    assert.equal(author.name, 'Trần Thị Bình');
    assert.equal(author.email, '0197e6a0-0000-7000-8000-00000000000b@noreply.invalid');
    assert.match(message, /^Phiên bản \d+\n\nVersion: \d+\n$/);
  });

  it('holds each flow as a file that Node-RED can import, and no credentials', async () => {
    const text = await readFile('production', 'flows/van-ban-den~tab1.json');
    const nodes = JSON.parse(text) as { id: string; x?: number; name?: string }[];
    assert.deepEqual(
      nodes.map(({ id }) => id),
      ['tab1', 'in1', 'tell'],
    );
    assert.deepEqual([nodes[2]!.name, nodes[2]!.x], ['Báo lãnh đạo', 2]);
    assert.doesNotMatch(await readFile('sandbox', 'flows/van-ban-den~tab1.json'), /bi-mat/);
  });

  it('is written again wholly and with the same ids when it was deleted', async () => {
    const refs = await readRefs();
    await rm(gitdir, { recursive: true });
    await writeRepository(edited.hub.db, gitdir);
    assert.deepEqual(await readRefs(), refs);
  });

  it('is completed when its writer was killed halfway, in any of its files', async () => {
    const refs = await readRefs();
    for (const lost of ['HEAD', `refs/tags/v${numbers[1]}`, 'refs/heads/production']) {
      await unlink(join(gitdir, lost));
      // A draft is all that a kill leaves.
      await fs.promises.writeFile(join(gitdir, `${lost}.0197.lock`), 'ref: re');
      await writeRepository(edited.hub.db, gitdir);
      assert.deepEqual(await readRefs(), refs);
      await unlink(join(gitdir, `${lost}.0197.lock`));
    }
    assert.equal(await git.resolveRef({ fs, gitdir, ref: 'HEAD' }), refs['refs/heads/sandbox']);
  });

  it('keeps the remotes and branches that the IT centre gave it', async () => {
    await git.addRemote({ fs, gitdir, remote: 'origin', url: 'https://git.tinh.gov.vn/flows.git' });
    const value = await git.resolveRef({ fs, gitdir, ref: 'sandbox' });
    await git.writeRef({ fs, gitdir, ref: 'refs/heads/thu', value });
    await writeRepository(edited.hub.db, gitdir);
    assert.equal((await git.listRemotes({ fs, gitdir }))[0]!.remote, 'origin');
    assert.ok((await git.listBranches({ fs, gitdir })).includes('thu'));
  });

  it('forgets versions that the database lost in a restore, for their numbers are given again', async () => {
    const refs = await readRefs();
    const value = refs[`refs/tags/v${numbers[0]}`]!;
    await git.writeRef({ fs, gitdir, ref: 'refs/tags/v77', value });
    await git.writeRef({ fs, gitdir, ref: 'refs/tags/vanhanh', value });
    await writeRepository(edited.hub.db, gitdir);
    assert.deepEqual(await readRefs(), { ...refs, 'refs/tags/vanhanh': value });
  });

  it('is followed by a running hub, with no temporary file left', async () => {
    const running = join(folder, 'running.git');
    const other = await startEdited({ flowsGit: running }, true);
    try {
      const { number } = await other.deploy(an, undefined, flowFor('đơn vị'));
      const refs = await waitUntil(
        'the commit of the deploy',
        async () => {
          const found = await readRefs(running).catch((): Record<string, string> => ({}));
          return found['refs/heads/sandbox'] !== undefined && found;
        },
        { withinMs: 20_000 },
      );
      assert.equal(refs['refs/heads/sandbox'], refs[`refs/tags/v${number}`]);
    } finally {
      await other.stop();
    }
    const files = await readdir(running, { recursive: true });
    assert.deepEqual(
      files.filter(file => file.endsWith('.lock')),
      [],
    );
  });

  it('names files safely whatever a flow is called', () => {
    const files = filesOf([
      { id: '../../etc/x', type: 'tab', label: '../Ủy ban / "Đất đai"' },
      { id: 'ab', type: 'tab', label: '' },
      { id: 'k', type: 'lienthong-app' },
    ]);
    assert.match([...files.get('flows')!.keys()][0]!, /^uy-ban-dat-dai~[0-9a-f]{16}\.json$/);
    assert.equal([...files.get('flows')!.keys()][1], 'ab.json');
    assert.deepEqual([...files.get('')!.keys()], ['config.json']);
  });
});
