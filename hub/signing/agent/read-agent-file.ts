import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { AppError } from '#hub/platform/errors.ts';
import { tooLarge } from '#hub/platform/http/guard-upload.ts';

/** What the agent calls the file in its form. */
const fieldName = 'uploadfile';

/**
 * The file of the agent's form, at most `maxBytes` large. Other fields are passed over: what they are called differs
 * between versions of the agent.
 *
 * @throws AppError `malformed-body`, `too-large`
 */
export const readAgentFile = async (
  stream: NodeJS.ReadableStream,
  contentType: string,
  maxBytes: number,
): Promise<Buffer> => {
  const malformed = (reason: string, cause?: unknown) =>
    new AppError('malformed-body', { reason }, { cause });
  let form: InstanceType<typeof Busboy>;
  try {
    form = new Busboy({
      headers: { 'content-type': contentType },
      limits: { files: 2, fileSize: maxBytes, fields: 20, fieldSize: 64 * 1024 },
    });
  } catch (cause) {
    throw malformed('multipart/form-data', cause);
  }
  let parts: Buffer[] | undefined;
  let cut = false;
  let broken: BusboyFileStream | undefined;
  form.on('file', (name: string, file: BusboyFileStream) => {
    broken = file;
    file.on('error', () => {});
    if (name !== fieldName || parts !== undefined) return file.resume();
    const kept: Buffer[] = [];
    parts = kept;
    file.on('data', (part: Buffer) => kept.push(part));
    file.on('limit', () => {
      cut = true;
    });
  });
  try {
    await pipeline(stream, form);
  } catch (cause) {
    broken?.destroy();
    throw cause instanceof AppError ? cause : malformed('multipart/form-data', cause);
  }
  if (cut) throw tooLarge(maxBytes);
  if (parts === undefined) throw malformed(fieldName);
  return Buffer.concat(parts);
};
