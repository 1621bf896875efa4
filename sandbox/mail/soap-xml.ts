import { XMLParser } from 'fast-xml-parser';

/** Zimbra's fault, told with status 500. `text` names addresses, as the real one does. */
export class SoapFault extends Error {
  readonly code: string;
  constructor(code: string, text: string) {
    super(text);
    this.code = code;
  }
}

export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  text: string;
  children: XmlElement[];
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
});

type Node = Record<string, unknown>;
const toElement = (node: Node): XmlElement | undefined => {
  const name = Object.keys(node).find(key => key !== ':@' && key !== '#text' && !key.startsWith('?'));
  if (name === undefined) return undefined;
  const inside = node[name] as Node[];
  return {
    name,
    attributes: (node[':@'] ?? {}) as Record<string, string>,
    text: inside.map(child => child['#text'] ?? '').join(''),
    children: inside.flatMap(child => toElement(child) ?? []),
  };
};

export const child = (parent: XmlElement | undefined, name: string): XmlElement | undefined =>
  parent?.children.find(one => one.name === name);

/** The request inside an envelope and the token of its context. */
export const readEnvelope = (text: string): { request: XmlElement; token: string | undefined } => {
  let envelope: XmlElement | undefined;
  try {
    envelope = (parser.parse(text, true) as Node[]).map(toElement).find(one => one !== undefined);
  } catch {
    throw new SoapFault('service.PARSE_ERROR', 'the request is no well-formed XML');
  }
  const request = child(envelope, 'Body')?.children[0];
  if (envelope?.name !== 'Envelope' || request === undefined)
    throw new SoapFault('service.PARSE_ERROR', 'no envelope, or an empty body');
  return { request, token: child(child(child(envelope, 'Header'), 'context'), 'authToken')?.text };
};

export const escapeXml = (text: string): string =>
  text.replace(/[&<>"\r]/g, char => `&#${char.charCodeAt(0)};`);

const wrap = (body: string): string =>
  `<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Header><context xmlns="urn:zimbra"/></soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`;

export const writeResponse = (name: string, attributes: string, content: string): string =>
  wrap(`<${name} xmlns="urn:zimbraAdmin"${attributes}>${content}</${name}>`);

export const writeFault = ({ code, message }: SoapFault): string => {
  const side = code === 'service.FAILURE' ? 'Receiver' : 'Sender';
  return wrap(
    `<soap:Fault><soap:Code><soap:Value>soap:${side}</soap:Value></soap:Code><soap:Reason><soap:Text>${escapeXml(message)}</soap:Text></soap:Reason><soap:Detail><Error xmlns="urn:zimbra"><Code>${code}</Code><Trace>sandbox</Trace></Error></soap:Detail></soap:Fault>`,
  );
};
