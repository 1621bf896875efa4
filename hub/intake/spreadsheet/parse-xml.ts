import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';
import { SpreadsheetError } from './spreadsheet-error.ts';

/** What a part is told, in document order. Names come without their namespace prefix. */
export interface XmlHandlers {
  open?(name: string, attributes: Record<string, string>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** No part of a workbook nests deeper than about 20. */
const deepest = 64;
/** The longest cell text is 32,767 characters; as character references that is under this many bytes. */
const longestToken = 512 * 1024;

/**
 * Parses one part as a stream and yields after every chunk, so that a caller can hand on what it has. No
 * document type, hence no entities; one tag or text is held to 512 KiB and nesting to 64.
 * @throws SpreadsheetError `broken-xml`
 */
export async function* parseXml(
  chunks: AsyncIterable<Buffer>,
  part: string,
  handlers: XmlHandlers,
): AsyncGenerator<void> {
  const refuse = (reason: string, cause?: unknown): never => {
    throw new SpreadsheetError('broken-xml', { part, reason }, { cause });
  };
  const parser = new SaxesParser({ position: false });
  let depth = 0;
  let sinceToken = 0;
  parser.on('doctype', () => refuse('doctype'));
  parser.on('opentag', ({ name, attributes }) => {
    sinceToken = 0;
    if (++depth > deepest) refuse('nesting');
    handlers.open?.(localName(name), attributes as Record<string, string>);
  });
  parser.on('closetag', ({ name }) => {
    sinceToken = 0;
    depth--;
    handlers.close?.(localName(name));
  });
  if (handlers.text) parser.on('text', text => handlers.text?.(text));
  parser.on('cdata', text => handlers.text?.(text));

  let decoder: TextDecoder | undefined;
  for await (const chunk of chunks) {
    decoder ??= decoderFor(chunk);
    sinceToken += chunk.length;
    try {
      parser.write(decoder.decode(chunk, { stream: true }));
    } catch (error) {
      if (error instanceof SpreadsheetError) throw error;
      refuse('not well formed', error);
    }
    if (sinceToken > longestToken) refuse('token too long');
    yield;
  }
  try {
    parser.close();
  } catch (error) {
    refuse('not well formed', error);
  }
  yield;
}

/** Parses a part to its end. */
export async function parseWhole(
  chunks: AsyncIterable<Buffer>,
  part: string,
  handlers: XmlHandlers,
): Promise<void> {
  for await (const _ of parseXml(chunks, part, handlers));
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** SpreadsheetML is UTF-8 or UTF-16 (ECMA-376 part 2, 8.1.4); the latter starts with its mark. */
function decoderFor(start: Buffer): TextDecoder {
  const encoding =
    start[0] === 0xff && start[1] === 0xfe
      ? 'utf-16le'
      : start[0] === 0xfe && start[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  return new TextDecoder(encoding, { fatal: true });
}
