/** An element to be written, its name with the prefix. Undefined children are left out. */
export interface XmlOutput {
  name: string;
  attributes?: Record<string, string>;
  content: string | XmlOutput[];
}

/** Characters that XML 1.0 has no way to write (§2.2), lone surrogates among them. */
const unwritable = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const escapeText = (text: string): string =>
  text
    .replace(unwritable, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    // A reader would turn it into a line feed.
    .replaceAll('\r', '&#xD;');
const escapeValue = (text: string): string => escapeText(text).replaceAll('"', '&quot;');

const line = '\r\n';

const write = ({ name, attributes = {}, content }: XmlOutput, indent: string): string => {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeValue(value)}"`);
  const tag = `${indent}<${name}${given.join('')}`;
  if (content.length === 0) return `${tag}/>${line}`;
  if (typeof content === 'string') return `${tag}>${escapeText(content)}</${name}>${line}`;
  return `${tag}>${line}${content.map(child => write(child, `${indent}  `)).join('')}${indent}</${name}>${line}`;
};

/** A document as the reference SDK lays it out: declaration, two spaces a level, CRLF. */
export const writeXml = (root: XmlOutput): string =>
  `<?xml version="1.0" encoding="UTF-8"?>${line}${write(root, '')}`;
