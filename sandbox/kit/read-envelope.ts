import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element by local name: its children by name, `@name` its attributes, `#text` its text beside them. */
export type XmlNode = { [name: string]: XmlNode | XmlNode[] | string | undefined };

const parser = new XMLParser({
  // Prefixes are each client's own choice.
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  // Also decodes character references (&#xA;).
  htmlEntities: true,
  ignoreDeclaration: true,
});

/** The first child of that name. */
export const child = (node: XmlNode | undefined, name: string): XmlNode | undefined => {
  const value = node?.[name];
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? { '#text': first } : first;
};

/** The text of the first child of that name; undefined when there is none. */
export const textOf = (node: XmlNode | undefined, name: string): string | undefined => {
  const found = child(node, name);
  if (found === undefined) return undefined;
  return typeof found['#text'] === 'string' ? found['#text'] : '';
};

/** A SOAP request in pieces, or undefined when the body is none. A document type declaration makes it none. */
export const readEnvelope = (
  body: string,
): { header: XmlNode | undefined; operation: string; input: XmlNode } | undefined => {
  if (body.includes('<!DOCTYPE') || XMLValidator.validate(body) !== true) return undefined;
  const envelope = child(parser.parse(body) as XmlNode, 'Envelope');
  const content = child(envelope, 'Body');
  const operation = Object.keys(content ?? {}).find(name => !name.startsWith('@') && name !== '#text');
  if (operation === undefined) return undefined;
  return { header: child(envelope, 'Header'), operation, input: child(content, operation) ?? {} };
};
