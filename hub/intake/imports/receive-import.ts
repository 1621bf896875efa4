import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { dropImport, insertChunk, insertImport, markReceived } from '#hub/intake/imports/import-store.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';

const maxBytes = 50 * 1024 * 1024;
const chunkBytes = 256 * 1024;

/**
 * Streams an uploaded file into the database, never whole in memory. Nothing is kept of one that is too
 * large or breaks off; once this answers, the import will be processed.
 */
export const receiveImport = async (
  { db, wake }: Pick<PartContext, 'db' | 'wake'>,
  given: {
    stream: NodeJS.ReadableStream;
    contentType: string;
    source: string;
    actor: string;
    dryRun: boolean;
    sheet: string | undefined;
  },
): Promise<string> => {
  let form: InstanceType<typeof Busboy>;
  try {
    form = new Busboy({
      headers: { 'content-type': given.contentType },
      limits: { files: 1, fileSize: maxBytes, fields: 10 },
    });
  } catch (cause) {
    throw new AppError('malformed-body', { reason: 'multipart/form-data' }, { cause });
  }
  let stored: Promise<string> | undefined;
  let upload: BusboyFileStream | undefined;
  form.on('file', (_field: string, file: BusboyFileStream, fileName: string) => {
    upload = file;
    // It may break before it is read; the loop below meets the error then.
    file.on('error', () => {});
    stored = (async () => {
      const id = await insertImport(db, { ...given, fileName: fileName || 'file' });
      try {
        let seq = 0;
        let held: Buffer[] = [];
        let size = 0;
        for await (const part of file as AsyncIterable<Buffer>) {
          held.push(part);
          size += part.length;
          if (size < chunkBytes) continue;
          await insertChunk(db, id, seq++, Buffer.concat(held));
          held = [];
          size = 0;
        }
        if (size > 0) await insertChunk(db, id, seq, Buffer.concat(held));
        if (file.truncated) throw new AppError('too-large', { limit: '50 MB' });
        return id;
      } catch (error) {
        await dropImport(db, id);
        throw error;
      }
    })();
    stored.catch(() => file.resume());
  });
  try {
    await pipeline(given.stream, form);
  } catch (cause) {
    // The form does not end a file that broke off: its reader would wait for ever.
    upload?.destroy(cause as Error);
    await stored?.then(id => dropImport(db, id)).catch(() => {});
    throw cause instanceof AppError
      ? cause
      : new AppError('malformed-body', { reason: 'multipart/form-data' }, { cause });
  }
  if (stored === undefined) throw new AppError('malformed-body', { reason: 'no file' });
  const id = await stored;
  await markReceived(db, id);
  wake.notify('imports');
  return id;
};
