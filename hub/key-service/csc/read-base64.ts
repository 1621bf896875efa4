import { CscError } from '#hub/key-service/csc/csc-error.ts';

/**
 * What a parameter carries in base64, with either alphabet; never nothing, and of `length` bytes where that is known.
 *
 * @throws CscError that names the parameter
 */
export const readBase64 = (text: string, name: string, length?: number): Buffer => {
  const bytes = Buffer.from(text, 'base64');
  if (!/^[\w+/-]+={0,2}$/.test(text) || bytes.length === 0 || bytes.length !== (length ?? bytes.length))
    throw new CscError(`Invalid Base64 ${name} string parameter`);
  return bytes;
};
