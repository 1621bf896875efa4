import type { AppAnswer, AppRequest } from './app-server.ts';
import { readEnvelope, type XmlNode } from './read-envelope.ts';

/** What an operation throws to answer with a SOAP 1.1 fault; `code` and `detail` in the vendor's own manner. */
export class ServiceFault extends Error {
  readonly code: string;
  readonly detail: XmlValue | undefined;
  constructor(code: string, text: string, detail?: XmlValue) {
    super(text);
    this.code = code;
    this.detail = detail;
  }
}

export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue };

export interface SoapService {
  /** Where it answers, e.g. `/qlvb/dichvu/canbo`. */
  path: string;
  namespace: string;
  /** Prefix of the answer's elements; empty: a default namespace. */
  prefix: string;
  envelopePrefix: string;
  /** Throws a fault when the caller may not call. */
  authenticate(header: XmlNode | undefined, operation: string): void;
  operations: Record<string, (input: XmlNode) => XmlValue>;
}

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Elements of a value: an array repeats its element, undefined is no element. */
const write = (name: string, value: XmlValue, prefix: string, attributes = ''): string => {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map(one => write(name, one as XmlValue, prefix)).join('');
  const tag = prefix === '' ? name : `${prefix}:${name}`;
  const content =
    typeof value === 'object'
      ? Object.entries(value)
          .map(([key, inner]) => write(key, inner as XmlValue, prefix))
          .join('')
      : escapeText(String(value));
  return content === '' ? `<${tag}${attributes}/>` : `<${tag}${attributes}>${content}</${tag}>`;
};

const answerWith = (service: SoapService, status: number, content: string): AppAnswer => {
  const { envelopePrefix: p } = service;
  return {
    status,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<${p}:Envelope xmlns:${p}="http://schemas.xmlsoap.org/soap/envelope/"><${p}:Body>${content}</${p}:Body></${p}:Envelope>`,
  };
};

const answerFault = (service: SoapService, fault: ServiceFault): AppAnswer => {
  const { envelopePrefix: p } = service;
  // `Client` and `Server` (and finer kinds of them) are SOAP's own words, others bring their prefix.
  const code = fault.code.includes(':') ? fault.code : `${p}:${fault.code}`;
  const detail = fault.detail === undefined ? '' : write('detail', fault.detail, '');
  return answerWith(
    service,
    500,
    `<${p}:Fault><faultcode>${code}</faultcode><faultstring xml:lang="vi">${escapeText(fault.message)}</faultstring>${detail}</${p}:Fault>`,
  );
};

/** Answers one request to a service: envelopes in and out by hand, so that it is nobody's mirror image. */
export const handleSoap = (service: SoapService, request: AppRequest): AppAnswer => {
  if (request.path !== service.path) return { status: 404, body: 'Không tìm thấy' };
  if (request.method !== 'POST') return { status: 405, headers: { allow: 'POST' }, body: 'Chỉ nhận POST' };
  try {
    const envelope = readEnvelope(request.body);
    if (envelope === undefined) throw new ServiceFault('Client', 'Thông điệp không phải SOAP');
    service.authenticate(envelope.header, envelope.operation);
    const operation = Object.hasOwn(service.operations, envelope.operation)
      ? service.operations[envelope.operation]
      : undefined;
    if (operation === undefined) throw new ServiceFault('Client', 'Không có thao tác này');
    const name = `${envelope.operation}Response`;
    const declared = service.prefix === '' ? 'xmlns' : `xmlns:${service.prefix}`;
    const content = write(
      name,
      operation(envelope.input),
      service.prefix,
      ` ${declared}="${service.namespace}"`,
    );
    return answerWith(service, 200, content);
  } catch (error) {
    if (error instanceof ServiceFault) return answerFault(service, error);
    throw error;
  }
};
