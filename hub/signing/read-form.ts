import { Busboy } from '@fastify/busboy';
import { AppError } from '#hub/platform/errors.ts';

const maxFieldBytes = 4 * 1024 * 1024;

/** What a form of `multipart/form-data` holds, by the names of its fields. */
export interface Form {
  fields: Record<string, string>;
  files: Record<string, { bytes: Buffer; fileName: string }>;
}

const malformed = (): AppError => new AppError('malformed-body', { reason: 'multipart/form-data' });

/**
 * Reads a form whole, with these fields and files and no others, unless those are to be passed over. A file that is larger than `maxBytes` is cut there, one byte
 * above: whoever takes it refuses it.
 *
 * @throws AppError `malformed-body`; `invalid-request` for a name that is not known
 */
export const readForm = (
  stream: NodeJS.ReadableStream,
  contentType: string,
  known: { fields: string[]; files: string[]; maxBytes: number; others?: 'passed-over' },
): Promise<Form> =>
  new Promise((resolve, reject) => {
    let form: InstanceType<typeof Busboy>;
    try {
      const files = known.files.length + (known.others ? 5 : 0);
      const limits = { files, fileSize: known.maxBytes + 1, fieldSize: maxFieldBytes };
      form = new Busboy({ headers: { 'content-type': contentType }, limits });
    } catch {
      return reject(malformed());
    }
    const given: Form = { fields: {}, files: {} };
    const refuse = (name: string): void => {
      const faults = [{ pointer: `/${name}`, code: 'unknown-form-field' }];
      if (known.others === undefined) reject(new AppError('invalid-request', {}, { faults }));
    };
    form.on('field', (name: string, text: string) => {
      if (!known.fields.includes(name)) return refuse(name);
      given.fields[name] = text;
    });
    form.on('file', (name: string, file: NodeJS.ReadableStream, fileName: string) => {
      file.on('error', reject);
      if (!known.files.includes(name)) {
        refuse(name);
        file.resume();
        return;
      }
      const chunks: Buffer[] = [];
      file.on('data', (chunk: Buffer) => chunks.push(chunk));
      file.on('end', () => {
        given.files[name] = { bytes: Buffer.concat(chunks), fileName };
      });
    });
    form.on('finish', () => resolve(given));
    form.on('error', () => reject(malformed()));
    stream.on('error', reject);
    stream.pipe(form);
  });
