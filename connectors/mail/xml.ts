import { XMLParser } from 'fast-xml-parser';
import { checkXml } from '#connectors/kit/check-xml.ts';
import { ConnectorError } from '#connectors/kit/errors.ts';

/** Zimbra's own answers are seven deep (Envelope to attribute); `refresh` blocks of a session a little more. */
const maxDepth = 20;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  // Everything stays text: a staff code such as 007 is no number.
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  alwaysCreateTextNode: true,
  // Also switches on numeric references (&#7877;), which are plain XML.
  htmlEntities: true,
  isArray: name => name === 'account' || name === 'a',
});

/**
 * XML of an answer as plain objects: attributes `@name`, text `#text`, prefixes dropped, `account` and `a`
 * always arrays. A document type and deep nesting are refused before parsing, so no entity is ever expanded.
 * Throws `unexpected-answer`.
 */
export const parseXml = (text: string): unknown => {
  checkXml(text, maxDepth);
  try {
    return parser.parse(text, true);
  } catch (error) {
    throw new ConnectorError('unexpected-answer', 'the answer is no well-formed XML', { cause: error });
  }
};

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

// XML 1.0 §2.2: these cannot be written at all, not even as references.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** Text for an element or an attribute. Throws `refused` for characters that XML cannot carry. */
export const escapeXml = (text: string): string => {
  if (unwritable.test(text) || !text.isWellFormed())
    throw new ConnectorError('refused', 'a value holds control characters that XML cannot carry');
  // A bare carriage return would come out as a line feed (XML 1.0 §2.11).
  return text.replace(/[&<>"']/g, char => escapes[char]!).replaceAll('\r', '&#13;');
};

/** An element; `content` is XML already (made by `tag` or `escapeXml`). */
export const tag = (name: string, attributes: Record<string, string>, content = ''): string => {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  return `<${name}${written.join('')}>${content}</${name}>`;
};

/** An element that holds text. */
export const textTag = (name: string, text: string, attributes: Record<string, string> = {}): string =>
  tag(name, attributes, escapeXml(text));
