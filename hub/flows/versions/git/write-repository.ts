import git from 'isomorphic-git';
import { readVersion } from '#hub/flows/versions/read-version.ts';
import { readStages } from '#hub/flows/versions/stage-store.ts';
import { listNumbers } from '#hub/flows/versions/version-store.ts';
import type { Database } from '#hub/platform/database.ts';
import { atomicFiles as fs } from './atomic-files.ts';
import { writeCommit } from './write-commit.ts';

const tagOf = (number: number): string => `refs/tags/v${number}`;

/** Sets a branch or tag unless it is there already. */
const putRef = async (gitdir: string, ref: string, value: string): Promise<void> => {
  const there = await git.resolveRef({ fs, gitdir, ref }).catch(() => undefined);
  if (there !== value) await git.writeRef({ fs, gitdir, ref, value, force: true });
};

const prepare = async (gitdir: string): Promise<void> => {
  await git.init({ fs, gitdir, bare: true });
  // `init` passes over a folder that has settings; whoever was killed right after them wrote no HEAD.
  const value = 'refs/heads/sandbox';
  const head = await git.resolveRef({ fs, gitdir, ref: 'HEAD', depth: 2 }).catch(() => undefined);
  if (head !== value) await git.writeRef({ fs, gitdir, ref: 'HEAD', value, symbolic: true, force: true });
};

/**
 * Brings a bare Git repository to what the database says: a commit with the tag `v<number>` for each version, after the one
 * that it was made from, and the branches `sandbox` and `production`. A folder that is not there, or was left half written,
 * becomes the same as any other. Other branches, tags and settings in it are left alone.
 * `signal` ends it after the version that is being written.
 */
export const writeRepository = async (db: Database, gitdir: string, signal?: AbortSignal): Promise<void> => {
  await prepare(gitdir);
  const tags = new Set(await git.listTags({ fs, gitdir }));
  const commitOf = (number: number): Promise<string> => git.resolveRef({ fs, gitdir, ref: tagOf(number) });
  // Read first: each version that a stage runs is then among those that are written.
  const stages = await readStages(db);
  const numbers = await listNumbers(db);
  // After a restore to an earlier moment these numbers will be given to other versions.
  const known = new Set(numbers.map(number => `v${number}`));
  for (const tag of tags)
    if (/^v\d+$/.test(tag) && !known.has(tag)) await git.deleteTag({ fs, gitdir, ref: tag });
  for (const number of numbers) {
    if (signal?.aborted) return;
    if (tags.has(`v${number}`)) continue;
    const { version, contents } = await readVersion(db, number);
    const parent = version.base === undefined ? undefined : await commitOf(version.base);
    await putRef(gitdir, tagOf(number), await writeCommit(gitdir, version, contents, parent));
  }
  for (const { stage, version } of stages)
    await putRef(gitdir, `refs/heads/${stage}`, await commitOf(version));
};
