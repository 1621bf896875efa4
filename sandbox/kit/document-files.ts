import { createHash } from 'node:crypto';

/** A document's file in a sandbox app, as its people see it. */
export interface DocumentFile {
  id: string;
  fileName: string;
  mediaType: string;
  base64: string;
  /** Số và ký hiệu, ngày ban hành: empty until somebody gives them. */
  number: string;
  issuedOn: string;
  /** How often the file was replaced by another one. */
  version: number;
}

/** The files that are to be signed, or were; in memory, as each app keeps them in its own way. */
export const createDocumentFiles = () => {
  const files = new Map<string, DocumentFile>();
  return {
    get: (id: string): DocumentFile | undefined => files.get(id),
    /** A new draft, or another file in place of one. */
    draft(given: { id: string; fileName: string; base64: string; mediaType?: string }): DocumentFile {
      const file = { mediaType: 'application/pdf', number: '', issuedOn: '', version: 1, ...given };
      files.set(file.id, file);
      return file;
    },
    /** Puts a signed file in place; the same again changes nothing. Undefined: there is no such document. */
    replace(
      id: string,
      given: { fileName: string; base64: string; number?: string | undefined; issuedOn?: string | undefined },
    ): DocumentFile | undefined {
      const before = files.get(id);
      if (before === undefined) return undefined;
      const next = {
        ...before,
        fileName: given.fileName,
        base64: given.base64,
        number: given.number ?? before.number,
        issuedOn: given.issuedOn ?? before.issuedOn,
      };
      const same = JSON.stringify(next) === JSON.stringify(before);
      files.set(id, same ? before : { ...next, version: before.version + 1 });
      return files.get(id);
    },
    /** For `GET /_state/documents`: without the bytes. */
    state: (): object[] =>
      [...files.values()].map(({ base64, ...file }) => ({
        ...file,
        bytes: Buffer.byteLength(base64, 'base64'),
        sha256: createHash('sha256').update(base64, 'base64').digest('hex'),
      })),
    /** For `POST /_actions {"action":"draft", …}`. */
    act(given: Record<string, unknown>): object | undefined {
      if (given.action !== 'draft') return undefined;
      const { id, fileName, base64 } = given as { id: string; fileName: string; base64: string };
      const { base64: _bytes, ...file } = this.draft({ id, fileName, base64 });
      return file;
    },
  };
};
export type DocumentFiles = ReturnType<typeof createDocumentFiles>;
