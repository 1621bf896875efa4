import type { IncomingMessage } from 'node:http';
import { AppError } from '#hub/platform/errors.ts';

const mostBytes = 64 * 1024;

/**
 * A small body as text.
 *
 * @throws {AppError} `too-large`
 */
export const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += (chunk as Buffer).length;
    if (length > mostBytes) break;
    chunks.push(chunk as Buffer);
  }
  if (length > mostBytes) {
    // Whoever sends too much is to read why: the connection stays, and the rest is read over it unseen.
    request.resume();
    throw new AppError('too-large', { limit: mostBytes });
  }
  return Buffer.concat(chunks).toString('utf8');
};

/**
 * The fields of a form that a browser posted; of a field given twice the last counts.
 *
 * @throws {AppError} `unsupported-media-type`, `too-large`
 */
export const readForm = async (request: IncomingMessage): Promise<Record<string, string>> => {
  const expected = 'application/x-www-form-urlencoded';
  if (request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== expected)
    throw new AppError('unsupported-media-type', { expected });
  return Object.fromEntries(new URLSearchParams(await readBody(request)));
};
