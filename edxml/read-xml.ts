import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';
import { EdxmlError } from '#edxml/edxml-error.ts';

/** An element by its local name: senders choose their own prefixes and namespaces, and old ones go on. */
export interface XmlElement {
  name: string;
  children: XmlElement[];
  /** The text directly in it, trimmed. */
  text: string;
}

/** The axis takes about 50 MB; base64 makes that more. */
export const largestPackage = 80 * 1024 * 1024;
/** A package nests 11 deep. */
const deepest = 32;
/** A package has a few hundred; a million empty ones would be memory without end. */
const mostElements = 50_000;

const decode = (bytes: Uint8Array): string => {
  if (bytes.byteLength > largestPackage) throw new EdxmlError('too-large', '/');
  let text: string;
  try {
    // Takes a byte order mark away, which is part of the encoding and no junk.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new EdxmlError('not-utf-8', '/', { cause });
  }
  const declared = /^<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']/.exec(text)?.[1];
  if (declared !== undefined && !/^(utf-?8|us-ascii)$/i.test(declared))
    throw new EdxmlError('not-utf-8', '/');
  if (!text.startsWith('<')) throw new EdxmlError('junk-before-xml', 'line 1');
  return text;
};

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * Reads XML from outside: UTF-8, well-formed, no document type (hence no entities of its own), bounded in size, depth
 * and number of elements. Nothing but a byte order mark may stand before it. @throws EdxmlError
 */
export const readXml = (bytes: Uint8Array): XmlElement => {
  const text = decode(bytes);
  const parser = new SaxesParser({ position: true });
  const refuse = (
    code: 'document-type' | 'too-deep' | 'too-large' | 'not-well-formed',
    cause?: unknown,
  ): never => {
    throw new EdxmlError(code, `line ${parser.line}`, { cause });
  };
  const open: { element: XmlElement; texts: string[] }[] = [];
  let root: XmlElement | undefined;
  let count = 0;
  parser.on('doctype', () => refuse('document-type'));
  parser.on('error', error => refuse('not-well-formed', error));
  parser.on('opentag', ({ name }) => {
    if (open.length >= deepest) refuse('too-deep');
    if (++count > mostElements) refuse('too-large');
    const element: XmlElement = { name: localName(name), children: [], text: '' };
    open.at(-1)?.element.children.push(element);
    root ??= element;
    open.push({ element, texts: [] });
  });
  const addText = (part: string): void => {
    open.at(-1)?.texts.push(part);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const closed = open.pop()!;
    closed.element.text = closed.texts.join('').trim();
  });
  parser.write(text).close();
  return root ?? refuse('not-well-formed');
};

/** The first child of that name. */
export const childOf = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find(child => child.name === name);

export const childrenOf = (element: XmlElement | undefined, name: string): XmlElement[] =>
  element?.children.filter(child => child.name === name) ?? [];
