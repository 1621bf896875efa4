import type { IncomingMessage } from 'node:http';
import { AppError } from '#hub/platform/errors.ts';

const mostBytes = 64 * 1024;

/**
 * The fields of a form that a browser posted; of a field given twice the last counts.
 *
 * @throws {AppError} `unsupported-media-type`, `too-large`
 */
export const readForm = async (request: IncomingMessage): Promise<Record<string, string>> => {
  const expected = 'application/x-www-form-urlencoded';
  if (request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== expected)
    throw new AppError('unsupported-media-type', { expected });
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
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
};
