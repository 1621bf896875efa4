import { randomUUID } from 'node:crypto';
import { promises } from 'node:fs';

/** The files of isomorphic-git, each there wholly (and on the disk) or not at all: what it finds it does not write again. */
export const atomicFiles = {
  promises: {
    ...promises,
    async writeFile(
      file: string,
      data: Uint8Array | string,
      options?: object | BufferEncoding,
    ): Promise<void> {
      const given = typeof options === 'string' ? { encoding: options } : options;
      // Git passes over what ends like this, should a draft be left behind.
      const draft = `${file}.${randomUUID()}.lock`;
      try {
        await promises.writeFile(draft, data, { ...given, flush: true });
        await promises.rename(draft, file);
      } catch (error) {
        await promises.rm(draft, { force: true });
        throw error;
      }
    },
  },
};
