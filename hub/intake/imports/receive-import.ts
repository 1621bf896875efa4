import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { readHeadingMapping } from '#hub/intake/imports/heading-mapping.ts';
import { dropImport, insertChunk, insertImport, markReceived } from '#hub/intake/imports/import-store.ts';
import { AppError } from '#hub/platform/errors.ts';
import { tooLarge } from '#hub/platform/http/guard-upload.ts';
import type { Language } from '#hub/platform/messages.ts';
import type { PartContext } from '#hub/platform/part.ts';

const maxFileBytes = 50 * 1024 * 1024;
const maxFieldBytes = 64 * 1024;
/** The whole form: the file, and what stands around and beside it. */
export const maxFormBytes = maxFileBytes + 4 * maxFieldBytes;
const chunkBytes = 256 * 1024;

/** What else there is to say is said in the query; in the form it would be passed over in silence. */
const unknownFormField = (name: string): AppError =>
  new AppError('invalid-request', {}, { faults: [{ pointer: `/${name}`, code: 'unknown-form-field' }] });

/**
 * Streams an uploaded file into the database, never whole in memory. Beside the file the form may have a field
 * `mapping`. Nothing is kept of one that is too large, breaks off or is wrong; once this answers, the import will be
 * processed.
 *
 * @throws {AppError} `malformed-body`, `too-large`, `invalid-request` (the mapping, another field)
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
    language: Language;
  },
): Promise<string> => {
  let form: InstanceType<typeof Busboy>;
  try {
    form = new Busboy({
      headers: { 'content-type': given.contentType },
      limits: { files: 1, fileSize: maxFileBytes, fields: 10, fieldSize: maxFieldBytes },
    });
  } catch (cause) {
    throw new AppError('malformed-body', { reason: 'multipart/form-data' }, { cause });
  }
  let stored: Promise<string> | undefined;
  let upload: BusboyFileStream | undefined;
  let unknownField: string | undefined;
  let mappingField: { text: string; cut: boolean } | undefined;
  form.on('field', (name: string, text: string, _cutName: boolean, cut: boolean) => {
    if (name === 'mapping') mappingField = { text, cut };
    else unknownField ??= name;
  });
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
        if (file.truncated) throw tooLarge(maxFileBytes);
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
  try {
    if (unknownField !== undefined) throw unknownFormField(unknownField);
    if (mappingField?.cut) throw tooLarge(maxFieldBytes);
    const mapping = mappingField && readHeadingMapping(mappingField.text, given.language);
    await markReceived(db, id, mapping);
  } catch (error) {
    await dropImport(db, id);
    throw error;
  }
  wake.notify('imports');
  return id;
};
