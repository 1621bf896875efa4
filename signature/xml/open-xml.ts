import { createRequire } from 'node:module';
import { SignatureFault } from '#signature/fault.ts';

export const ds = 'http://www.w3.org/2000/09/xmldsig#';
export const xades = 'http://uri.etsi.org/01903/v1.3.2#';

/** As much of the DOM as is used here. */
export interface XmlNode {
  nodeType: number;
  parentNode: XmlNode | null;
  firstChild: XmlNode | null;
  nextSibling: XmlNode | null;
  textContent: string | null;
}
export interface XmlElement extends XmlNode {
  getAttribute(name: string): string;
  getElementsByTagNameNS(namespace: string, name: string): ArrayLike<XmlElement>;
}
export interface XmlDocument extends XmlNode {
  documentElement: XmlElement;
  getElementsByTagNameNS(namespace: string, name: string): ArrayLike<XmlElement>;
}

/** Not imported, because the parser's types bring the whole browser's into the project. */
const { DOMParser } = createRequire(import.meta.url)('@xmldom/xmldom') as {
  DOMParser: new (options: {
    errorHandler: (level: string, message: string) => void;
  }) => { parseFromString(text: string, type: string): XmlDocument | undefined };
};

function refuse(why: string): never {
  throw new SignatureFault('xml-broken', `This XML cannot be signed or judged: ${why}`);
}

const instruction = 7;

/** Canonical XML has rules for instructions and document types that programs follow differently: two would read two documents. */
const refuseOddNodes = (node: XmlNode): void => {
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.nodeType === instruction) refuse('a processing instruction');
    refuseOddNodes(child);
  }
};

/** The elements of that name, however deep. */
export const elementsOf = (within: XmlDocument | XmlElement, namespace: string, name: string): XmlElement[] =>
  Array.from(within.getElementsByTagNameNS(namespace, name));

export interface OpenXml {
  text: string;
  document: XmlDocument;
}

/** Deeper elements than this would end the stack before the file. */
const deepest = 200;
const depthOf = (text: string): number => {
  let [depth, most] = [0, 0];
  for (const [tag] of text.matchAll(/<[^!?][^>]*>/g)) {
    if (tag.startsWith('</')) depth -= 1;
    else if (!tag.endsWith('/>')) depth += 1;
    most = Math.max(most, depth);
  }
  return most;
};

/**
 * Reads a document in UTF-8. Throws `xml-broken` for what is not well-formed, has a DOCTYPE (entities: XXE), a processing
 * instruction, another encoding, or elements nested beyond reason.
 */
export const openXml = (bytes: Uint8Array): OpenXml => {
  const text = new TextDecoder('utf-8').decode(bytes);
  if (!Buffer.from(text).equals(Buffer.from(bytes)) && bytes[0] !== 0xef) refuse('not UTF-8');
  if (/<!DOCTYPE/i.test(text)) refuse('a DOCTYPE');
  const encoding = /^<\?xml[^>]*encoding=["']([^"']+)/.exec(text)?.[1];
  if (encoding && !/^utf-?8$/i.test(encoding)) refuse(`encoding ${encoding}`);
  if (depthOf(text) > deepest) refuse('nested too deep');
  const errorHandler = (_level: string, message: string) => refuse(message.slice(0, 200));
  try {
    const body = text.replace(/^<\?xml[^>]*\?>/, '');
    const document = new DOMParser({ errorHandler }).parseFromString(body, 'text/xml');
    if (!document?.documentElement) return refuse('no element');
    refuseOddNodes(document);
    return { text: body, document };
  } catch (error) {
    if (error instanceof SignatureFault) throw error;
    return refuse((error as Error).message);
  }
};
