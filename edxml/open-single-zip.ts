import { crc32 } from 'node:zlib';
import { fromBufferPromise } from 'yauzl';
import { EdxmlError } from '#edxml/edxml-error.ts';

/** Beyond this size nothing that people write is packed more than this many times smaller. */
const ratioFrom = 20 * 1024 * 1024;
const highestRatio = 200;

const judge = (cause: unknown, place: string): EdxmlError => {
  if (cause instanceof EdxmlError) return cause;
  const words = cause instanceof Error ? cause.message : '';
  // yauzl's words for names that lead elsewhere, and for an entry that holds more than it declares.
  if (/^(invalid relative path|absolute path|invalid characters in fileName)/.test(words))
    return new EdxmlError('zip-path', place, { cause });
  return new EdxmlError(words.startsWith('too many bytes') ? 'zip-bomb' : 'zip-broken', place, { cause });
};

/**
 * The one file in a zip, inflated in memory and held to `maxBytes`; undefined when the zip holds several, or none: then it
 * is itself the file. The entry's name is looked at only to refuse one that leads elsewhere. @throws EdxmlError
 */
export const openSingleZip = async (
  bytes: Buffer,
  maxBytes: number,
  place: string,
): Promise<Buffer | undefined> => {
  try {
    const zip = await fromBufferPromise(bytes);
    if (zip.entryCount !== 1) return undefined;
    for await (const entry of zip.eachEntry()) {
      const { uncompressedSize: size, compressedSize } = entry;
      const bursts = size > ratioFrom && size > compressedSize * highestRatio;
      if (size > maxBytes || bursts) throw new EdxmlError('zip-bomb', place);
      const parts: Buffer[] = [];
      for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer);
      const file = Buffer.concat(parts);
      if (crc32(file) !== entry.crc32) throw new EdxmlError('zip-broken', place);
      return file;
    }
    return undefined;
  } catch (cause) {
    throw judge(cause, place);
  }
};
