import { AppError } from '#hub/platform/errors.ts';
import { compileCheck } from '#hub/platform/http/check-request.ts';
import { hasBadText } from '#hub/platform/http/read-json.ts';
import type { Language } from '#hub/platform/messages.ts';
import { readForm } from '#hub/signing/read-form.ts';
import { maxFileBytes } from '#hub/signing/receive-request.ts';
import { SigningRequestInput } from '#schemas/signing.ts';

const maxFieldBytes = 4 * 1024 * 1024;
/** Form or JSON, whole. In JSON a file is a third larger than it is. */
export const maxBodyBytes = Math.ceil((maxFileBytes * 4) / 3) + maxFieldBytes;

export interface SigningUpload {
  input: SigningRequestInput;
  file: Buffer | undefined;
}

const malformed = (reason: string): AppError => new AppError('malformed-body', { reason });

const parseRequest = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('request: JSON');
  }
};

const checkBody = compileCheck({ body: SigningRequestInput });

const check = (body: unknown, language: Language): SigningRequestInput => {
  checkBody({ params: {}, query: {}, body }, language);
  if (hasBadText(body)) throw malformed('request: NUL');
  return body as SigningRequestInput;
};

/**
 * Reads a request to sign: a form with the file and a field `request` (JSON), or JSON with the file in base64.
 *
 * @throws AppError `malformed-body`, `invalid-request`, `too-large`
 */
export const readUpload = async (
  stream: NodeJS.ReadableStream,
  contentType: string,
  language: Language,
): Promise<SigningUpload> => {
  if (contentType.startsWith('multipart/')) {
    const { fields, files } = await readForm(stream, contentType, {
      fields: ['request'],
      files: ['file'],
      maxBytes: maxFileBytes,
    });
    const { request } = fields;
    if (request === undefined) throw malformed('request');
    const given = parseRequest(request);
    const named =
      typeof given === 'object' && given !== null
        ? { fileName: files.file?.fileName ?? '', ...given }
        : given;
    return { input: check(named, language), file: files.file?.bytes };
  }
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const given = parseRequest(Buffer.concat(chunks).toString('utf8')) as { file?: unknown };
  // Not through the checks: they are not for a hundred megabytes of base64.
  const { file, ...input } = given ?? {};
  return {
    input: check(input, language),
    file: typeof file === 'string' ? Buffer.from(file, 'base64') : undefined,
  };
};
