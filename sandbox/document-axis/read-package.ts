import { XMLParser } from 'fast-xml-parser';
import { child, textOf, type XmlNode } from '#sandbox/kit/read-envelope.ts';

const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false, htmlEntities: true });

/** What another organisation needs to know of a package that came to it. */
export interface ReadPackage {
  fromOrgan: string;
  fromName: string;
  /** Of a document: its own; of a status: of the document that it is about. */
  documentId: string;
  code: string;
  issuedOn: string;
  subject: string;
  statusCode: string | undefined;
  description: string | undefined;
  files: string[];
}

/** Undefined: it is no package. */
export const readPackage = (xml: string): ReadPackage | undefined => {
  const root = child(parser.parse(xml) as XmlNode, 'edXML');
  const header = child(child(child(root, 'edXMLEnvelope'), 'edXMLHeader'), 'MessageHeader');
  const from = child(header, 'From');
  if (from === undefined) return undefined;
  const about = child(header, 'ResponseFor');
  const statusCode = textOf(header, 'StatusCode');
  const code = child(header, 'Code');
  const encoded = child(root, 'AttachmentEncoded')?.Attachment;
  const attachments = (
    Array.isArray(encoded) ? encoded : encoded === undefined ? [] : [encoded]
  ) as XmlNode[];
  return {
    fromOrgan: textOf(from, 'OrganId') ?? '',
    fromName: textOf(from, 'OrganName') ?? '',
    documentId: (statusCode === undefined ? textOf(header, 'DocumentId') : textOf(about, 'DocumentId')) ?? '',
    code: `${textOf(code, 'CodeNumber') ?? ''}/${textOf(code, 'CodeNotation') ?? ''}`,
    issuedOn: textOf(child(header, 'PromulgationInfo'), 'PromulgationDate') ?? '',
    subject: textOf(header, 'Subject') ?? '',
    statusCode,
    description: textOf(header, 'Description'),
    files: attachments.map(attachment => textOf(attachment, 'AttachmentName') ?? ''),
  };
};
