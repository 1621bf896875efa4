import { createHash } from 'node:crypto';

/** A UUID made of a text (RFC 9562, version 8): the same text is the same one. */
export const uuidOf = (...parts: string[]): string => {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

/** The row of a document: whoever sends it again, by whatever way, means this one. */
export const documentIdOf = (senderKey: string, documentId: string): string =>
  uuidOf('document', senderKey, documentId);
