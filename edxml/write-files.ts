import { createHash } from 'node:crypto';
import JSZip from 'jszip';
import type { XmlOutput } from '#edxml/write-xml.ts';
import type { DocumentFile } from '#schemas/document.ts';

/** What the reference SDK sends as it is, with these odd names of kinds; everything else it zips. */
const asTheyAre = new Set(['pdf', 'doc', 'docx', 'zip']);
/** The same bytes give the same package, on every day. */
const zipDate = new Date('2016-04-01T00:00:00Z');

const extensionOf = (name: string): string => /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
const idOf = (file: DocumentFile, index: number): string => `cid:${file.contentId ?? `att-${index + 1}`}`;
const text = (name: string, content: string): XmlOutput => ({ name, content });
const optional = (name: string, content: string | undefined): XmlOutput[] =>
  content === undefined ? [] : [text(name, content)];

const zip = async (file: DocumentFile): Promise<string> => {
  const bytes = Buffer.from(file.base64, 'base64');
  const extension = extensionOf(file.name);
  const entry = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const archive = new JSZip();
  archive.file(extension === '' ? entry : `${entry}.${extension}`, bytes, { date: zipDate });
  return archive.generateAsync({ type: 'base64', compression: 'DEFLATE' });
};

/** The list of files in the body; it says `application/zip` of all. */
export const writeManifest = (files: DocumentFile[]): XmlOutput => ({
  name: 'edXML:edXMLManifest',
  attributes: { version: '1.0' },
  content: files.map((file, index) => ({
    name: 'edXML:Reference',
    content: [
      text('edXML:ContentId', idOf(file, index)),
      text('edXML:ContentType', 'application/zip'),
      ...optional('edXML:Description', file.description),
      text('edXML:AttachmentName', file.name),
    ],
  })),
});

/** The files themselves, beside the envelope and without its prefix. */
export const writeFiles = async (files: DocumentFile[], namespace: string): Promise<XmlOutput> => ({
  name: 'AttachmentEncoded',
  content: await Promise.all(
    files.map(async (file, index): Promise<XmlOutput> => {
      const extension = extensionOf(file.name);
      const plain = asTheyAre.has(extension);
      return {
        name: 'Attachment',
        content: [
          text('ContentId', idOf(file, index)),
          text('AttachmentName', file.name),
          ...optional('Description', file.description),
          text('ContentType', `application/${plain ? extension : 'zip'}`),
          {
            name: 'edXML:ContentTransferEncoded',
            attributes: { 'xmlns:edXML': namespace },
            content: plain ? file.base64 : await zip(file),
          },
        ],
      };
    }),
  ),
});
