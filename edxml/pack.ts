import { documentFields, statusFields } from '#edxml/document-fields.ts';
import { writeFields } from '#edxml/fields.ts';
import { writeFiles, writeManifest } from '#edxml/write-files.ts';
import { writeXml, type XmlOutput } from '#edxml/write-xml.ts';
import type { DocumentStatus, SentDocument } from '#schemas/document.ts';

const namespace = 'http://www.mic.gov.vn/TBT/QCVN_102_2016';

const writeEnvelope = (header: XmlOutput[], more: { body?: XmlOutput[]; beside?: XmlOutput[] }): string =>
  writeXml({
    name: 'edXML',
    attributes: { xmlns: namespace },
    content: [
      {
        name: 'edXML:edXMLEnvelope',
        attributes: { 'xmlns:edXML': namespace },
        content: [
          { name: 'edXML:edXMLHeader', content: header },
          ...(more.body === undefined ? [] : [{ name: 'edXML:edXMLBody', content: more.body }]),
        ],
      },
      ...(more.beside ?? []),
    ],
  });

/** A document as a package, element for element as the reference SDK writes it (EdXML102 0.0.3). The same gives the same. */
export const packDocument = async (document: SentDocument): Promise<string> => {
  const { files } = document;
  const header = writeFields(documentFields, document);
  if (files.length === 0) return writeEnvelope(header, { body: [writeManifest([])] });
  return writeEnvelope(header, {
    body: [writeManifest(files)],
    beside: [await writeFiles(files, namespace)],
  });
};

/** A status as a package: a header alone. */
export const packStatus = (status: DocumentStatus): string =>
  writeEnvelope(writeFields(statusFields, status), {});
