import { ConnectorError } from './errors.ts';

const broken = (why: string): ConnectorError =>
  new ConnectorError('unexpected-answer', `the answer is no sound XML: ${why}`);

/**
 * One whole tag. No class here lets a `<` through (XML 1.0 forbids it inside a tag), so that no text can
 * make the expression run over the same characters again and again.
 */
const tag = /<[^<>"']*(?:"[^"<]*"[^<>"']*|'[^'<]*'[^<>"']*)*>/y;

const reference = /\s(?:id|href)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/**
 * Multi-reference attributes (SOAP encoding). The `soap` package keeps them in a plain object by their value,
 * so that the id `__proto__`, plain or written as a character reference, would write to `Object.prototype`.
 */
const isPoisoned = (found: string): boolean => {
  for (const [, first, second] of found.matchAll(reference)) {
    const value = first ?? second ?? '';
    if (value.includes('&') || value.replace(/^#/, '') in Object.prototype) return true;
  }
  return false;
};

const skip = (xml: string, from: number, end: string, what: string): number => {
  const at = xml.indexOf(end, from);
  if (at === -1) throw broken(`${what} does not end`);
  return at + end.length;
};

/**
 * Looks at XML from outside before a parser does: a document type declaration, nesting deeper than
 * `maxDepth`, XML hidden in a CDATA section and poisoned references are refused with `unexpected-answer`.
 * One pass, no recursion. Answers the local name of the root element.
 */
export const checkXml = (xml: string, maxDepth: number): string => {
  let root: string | undefined;
  let depth = 0;
  let at = xml.indexOf('<');
  while (at !== -1) {
    if (xml.startsWith('<!--', at)) at = skip(xml, at + 4, '-->', 'a comment');
    else if (xml.startsWith('<![CDATA[', at)) {
      const end = skip(xml, at + 9, ']]>', 'a CDATA section');
      // The `soap` package would parse it as a document of its own, past every check here.
      if (xml.slice(at, end).includes('<?xml')) throw broken('a document inside a CDATA section');
      at = end;
    } else if (xml.startsWith('<?', at)) at = skip(xml, at + 2, '?>', 'an instruction');
    else if (xml.startsWith('<!', at)) throw broken('a document type declaration');
    else {
      tag.lastIndex = at;
      const found = tag.exec(xml)?.[0];
      if (found === undefined) throw broken('a tag does not end');
      if (found.startsWith('</')) depth -= 1;
      else {
        root ??= /^<(?:[^\s:/>]+:)?([^\s:/>]+)/.exec(found)?.[1];
        if (isPoisoned(found)) throw broken('a reference that cannot be followed');
        if (!found.endsWith('/>')) depth += 1;
        if (depth > maxDepth) throw broken(`nested deeper than ${maxDepth}`);
      }
      at = tag.lastIndex;
    }
    at = xml.indexOf('<', at);
  }
  if (root === undefined) throw broken('no element');
  return root;
};
