import { cleanFileName } from '#edxml/clean-file-name.ts';
import { EdxmlError } from '#edxml/edxml-error.ts';
import { openSingleZip } from '#edxml/open-single-zip.ts';
import { childOf, childrenOf, type XmlElement } from '#edxml/read-xml.ts';
import type { DocumentFile } from '#schemas/document.ts';

/** What all files of a package may come to when they are unpacked. */
const largestUnpacked = 150 * 1024 * 1024;
const zipStart = Buffer.from('PK\u0003\u0004', 'latin1');

const textOf = (element: XmlElement, name: string): string => childOf(element, name)?.text ?? '';
const idOf = (element: XmlElement): string => textOf(element, 'ContentId').replace(/^cid:/i, '');

const decode = (text: string, place: string): Buffer => {
  const base64 = text.replace(/\s+/g, '');
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64))
    throw new EdxmlError('not-base64', `${place}/ContentTransferEncoded`);
  return Buffer.from(base64, 'base64');
};

/**
 * The files beside an envelope. A file that the sender zipped for the way (`ContentType` zip, but its name does not say
 * so, and one entry) is unpacked; .docx and .xlsx are zips too and stay what they are. Names are the attachments', never
 * those in a zip. @throws EdxmlError
 */
export const readFiles = async (
  root: XmlElement,
  manifest: XmlElement | undefined,
): Promise<DocumentFile[]> => {
  const attachments = childrenOf(childOf(root, 'AttachmentEncoded'), 'Attachment');
  const listed = new Map(childrenOf(manifest, 'Reference').map(reference => [idOf(reference), reference]));
  const carried = new Set(attachments.map(idOf));
  for (const id of listed.keys())
    if (!carried.has(id)) throw new EdxmlError('attachment-missing', 'edXMLBody/edXMLManifest/Reference');
  let left = largestUnpacked;
  const files: DocumentFile[] = [];
  for (const [index, attachment] of attachments.entries()) {
    const place = `AttachmentEncoded/Attachment[${index + 1}]`;
    const id = idOf(attachment);
    const told = listed.get(id);
    const given = textOf(attachment, 'AttachmentName') || (told ? textOf(told, 'AttachmentName') : '');
    const name = cleanFileName(given, `tep-${index + 1}`);
    const description = textOf(attachment, 'Description');
    let bytes = decode(textOf(attachment, 'ContentTransferEncoded'), place);
    const zipped =
      textOf(attachment, 'ContentType') === 'application/zip' &&
      !/\.zip$/i.test(name) &&
      bytes.subarray(0, 4).equals(zipStart);
    if (zipped) bytes = (await openSingleZip(bytes, left, place)) ?? bytes;
    left -= bytes.byteLength;
    files.push({
      name,
      ...(description === '' ? {} : { description }),
      ...(id === '' ? {} : { contentId: id }),
      base64: bytes.toString('base64'),
    });
  }
  return files;
};
