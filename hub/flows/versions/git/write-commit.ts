import git from 'isomorphic-git';
import type { FlowContents, FlowVersion } from '#schemas/flow.ts';
import { atomicFiles as fs } from './atomic-files.ts';
import { authorOf } from './author-of.ts';
import { filesOf } from './files-of.ts';

type Entry = { mode: string; path: string; oid: string; type: 'blob' | 'tree' };

const writeFiles = async (gitdir: string, contents: FlowContents): Promise<string> => {
  const root: Entry[] = [];
  for (const [folder, files] of filesOf(contents)) {
    const entries: Entry[] = [];
    for (const [path, text] of files) {
      const oid = await git.writeBlob({ fs, gitdir, blob: Buffer.from(text) });
      entries.push({ mode: '100644', path, oid, type: 'blob' });
    }
    if (folder === '') root.push(...entries);
    else
      root.push({
        mode: '040000',
        path: folder,
        oid: await git.writeTree({ fs, gitdir, tree: entries }),
        type: 'tree',
      });
  }
  return git.writeTree({ fs, gitdir, tree: root });
};

/**
 * Writes a version as a commit after `parent`. All of it comes from the version, so the same version has the same id
 * wherever and whenever it is written.
 */
export const writeCommit = async (
  gitdir: string,
  version: FlowVersion,
  contents: FlowContents,
  parent: string | undefined,
): Promise<string> => {
  const author = authorOf(version);
  const subject = version.message.trim() || `Phiên bản ${version.number}`;
  return git.writeCommit({
    ...{ fs, gitdir },
    commit: {
      message: `${subject}\n\nVersion: ${version.number}\n`,
      tree: await writeFiles(gitdir, contents),
      parent: parent === undefined ? [] : [parent],
      author,
      committer: author,
    },
  });
};
