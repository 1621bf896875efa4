import { Value } from 'typebox/value';
import { documentFields, statusFields } from '#edxml/document-fields.ts';
import { EdxmlError } from '#edxml/edxml-error.ts';
import { readFields } from '#edxml/fields.ts';
import { readFiles } from '#edxml/read-files.ts';
import { childOf, readXml, type XmlElement } from '#edxml/read-xml.ts';
import { DocumentStatus, SentDocument } from '#schemas/document.ts';

/** What a package turns out to be. */
export type Unpacked =
  | { kind: 'document'; document: SentDocument }
  | { kind: 'status'; status: DocumentStatus };

/** Older senders write `EdXMLEnvelope`, or have no root around it. */
const find = (parent: XmlElement | undefined, name: string): XmlElement | undefined =>
  parent?.children.find(child => child.name.toLowerCase() === name.toLowerCase());

/** What the reading did not see: text that is too long, a code of another form. */
const check = (schema: typeof SentDocument | typeof DocumentStatus, value: unknown): void => {
  const [first] = Value.Errors(schema, value);
  if (first !== undefined) throw new EdxmlError('invalid-value', first.instancePath || '/');
};

/**
 * Reads a package (QCVN 102:2016/BTTTT, the reference SDK's and others'): elements by local name, in any order. Times
 * come out with the Vietnamese offset, days as ISO 8601. @throws EdxmlError with what is wrong and where
 */
export const unpack = async (bytes: Uint8Array): Promise<Unpacked> => {
  const root = readXml(bytes);
  const envelope = root.name.toLowerCase() === 'edxmlenvelope' ? root : find(root, 'edXMLEnvelope');
  const header = find(envelope, 'edXMLHeader');
  if (header === undefined) throw new EdxmlError('not-edxml', root.name);
  if (childOf(childOf(header, 'MessageHeader'), 'StatusCode') !== undefined) {
    const status = readFields(statusFields, header, 'edXMLHeader') as DocumentStatus;
    check(DocumentStatus, status);
    return { kind: 'status', status };
  }
  const read = readFields(documentFields, header, 'edXMLHeader') as SentDocument;
  const action =
    read.action === undefined ? {} : { action: { ...read.action, kind: read.action.kind ?? 'new' } };
  const files = await readFiles(root, find(find(envelope, 'edXMLBody'), 'edXMLManifest'));
  const document = { ...read, ...action, files };
  check(SentDocument, document);
  return { kind: 'document', document };
};
