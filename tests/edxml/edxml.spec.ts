import assert from 'node:assert/strict';
import JSZip from 'jszip';
import { EdxmlError } from '#edxml/edxml-error.ts';
import { formOfOrganId, guessCode2020 } from '#edxml/organ-id.ts';
import { packDocument, packStatus } from '#edxml/pack.ts';
import { largestPackage } from '#edxml/read-xml.ts';
import { unpack } from '#edxml/unpack.ts';
import type { DocumentStatus, SentDocument } from '#schemas/document.ts';
import { makeDocument, readSample, spoilSample } from '#tests/edxml/make-package.ts';

const documents = ['edoc_new', 'edoc_replacement', 'edoc_revocation', 'edoc_update'];
const statuses = ['01', '02', '03', '04', '05', '06', '13', '15', '16'];

const readDocument = async (bytes: Uint8Array | string): Promise<SentDocument> => {
  const unpacked = await unpack(Buffer.from(bytes));
  assert.equal(unpacked.kind, 'document');
  return (unpacked as { document: SentDocument }).document;
};
const readStatus = async (bytes: Uint8Array | string): Promise<DocumentStatus> => {
  const unpacked = await unpack(Buffer.from(bytes));
  assert.equal(unpacked.kind, 'status');
  return (unpacked as { status: DocumentStatus }).status;
};

/** Zips of the same file differ in the random name and the time within. */
const withoutZips = (text: string): string => text.replace(/>UEsD[^<]*</g, '>…<').replaceAll('\r\n', '\n');

describe('Packages of the reference SDK', () => {
  for (const name of documents)
    it(`${name}: written again it is the same, element for element`, async () => {
      const document = await readDocument(readSample(name));
      const again = await packDocument(document);
      assert.equal(withoutZips(again), withoutZips(readSample(name).toString()));
      assert.deepEqual(await readDocument(again), document);
    });

  for (const code of statuses)
    it(`status ${code}: written again it is the same, element for element`, async () => {
      const status = await readStatus(readSample(`status_${code}`));
      assert.equal(status.code, code);
      assert.equal(withoutZips(packStatus(status)), withoutZips(readSample(`status_${code}`).toString()));
    });

  it('give every field that the document carries', async () => {
    const { files, to, ...document } = await readDocument(readSample('edoc_new'));
    assert.deepEqual(
      to.map(({ organId }) => organId),
      ['000.00.09.H57', '000.00.20.H57'],
    );
    assert.equal(document.subject, 'Kết quả kiểm tra trang điều hành tác nghiệp & chữ ký số <2018>');
    assert.deepEqual(
      [document.number, document.notation, document.issuedOn, document.dueOn, document.typeDetail],
      ['188', 'BC-VP', '2018-08-03', '2018-08-20', 15],
    );
    assert.deepEqual(document.trace, [{ organId: '000.00.01.H57', at: '2018-08-03T09:15:00+07:00' }]);
    assert.deepEqual(document.taskCodes, ['NV-2018-0001']);
    assert.deepEqual(
      files.map(({ name, base64 }) => [name, String(Buffer.from(base64, 'base64'))]),
      [
        ['bc188.pdf', '%PDF-1.4\n%fake\n'],
        ['phuluc.xlsx', 'PKfake-not-zip'],
      ],
    );
  });

  it('tell what is changed, taken back and put in the place of what', async () => {
    const update = (await readDocument(readSample('edoc_update'))).action!;
    assert.deepEqual(
      [update.kind, update.documentChanged, update.receivers],
      [
        'update',
        true,
        [
          { organId: '000.00.20.H57', change: 'removed' },
          { organId: '000.00.09.H57', change: 'added' },
        ],
      ],
    );
    assert.equal((await readDocument(readSample('edoc_revocation'))).action!.kind, 'revoke');
    assert.deepEqual((await readDocument(readSample('edoc_replacement'))).action!.replaces, [
      { documentId: '000.00.01.H57,2018/07/30,180/BC-VP', organIds: ['000.00.09.H57'] },
    ]);
  });
});

describe('A package', () => {
  it('comes out as it went in, whatever the texts and files are', async () => {
    const names = ['Tờ trình.docx', 'Phụ lục “1”.xlsx', 'goc.zip', 'không-đuôi', 'ảnh.PNG'];
    for (let round = 0; round < 50; round += 1) {
      const odd = `${round} & <b> ]]> "Ủy ban\r\nnhân dân" \u{1F600}`;
      const document = makeDocument({
        subject: odd,
        priority: round % 5,
        copies: round,
        direction: round % 2 === 0,
        appendixes: [odd, 'Phụ lục 2'],
        answers: [{ organId: '000.00.09.H57', code: '101/STTTT', issuedOn: '2026-02-28' }],
        action: { kind: round % 2 === 0 ? 'new' : 'update', paper: true, reason: odd, staff: { name: odd } },
        trace: [{ organId: 'H57.01', at: '2026-03-01T23:59:59+07:00' }],
        files: names.map((name, at) => ({
          name,
          contentId: `tep-${at}`,
          base64: Buffer.from(Array.from({ length: round * at }, (_, i) => (i * round) % 256)).toString(
            'base64',
          ),
        })),
      });
      const packed = await packDocument(document);
      assert.deepEqual(await readDocument(packed), document);
      assert.equal(await packDocument(document), packed);
    }
  });

  it('keeps only characters that XML can carry', async () => {
    const document = makeDocument({ subject: 'Ủy\u0000 ban\u001F nhân\uFFFE dân' });
    assert.equal((await readDocument(await packDocument(document))).subject, 'Ủy ban nhân dân');
  });

  it('is read with other prefixes, other namespaces and another order', async () => {
    const text = (await packDocument(makeDocument()))
      .replaceAll('edXML:', 'x:')
      .replaceAll('xmlns:edXML', 'xmlns:x')
      .replaceAll('http://www.mic.gov.vn/TBT/QCVN_102_2016', 'http://www.e-doc.vn/Schema/')
      .replace(/(<x:Subject>.*<\/x:Subject>)\s*/, '')
      .replace(/<x:MessageHeader>/, '<x:MessageHeader><x:Subject>V/v nâng bậc lương</x:Subject>');
    assert.deepEqual(await readDocument(`\uFEFF${text}`), makeDocument());
  });

  it('keeps a workbook that nobody zipped, and a zip of several files, as they are', async () => {
    const workbook = new JSZip().file('[Content_Types].xml', 'a').file('xl/workbook.xml', 'b');
    const base64 = await workbook.generateAsync({ type: 'base64' });
    const text = (await packDocument(makeDocument({ files: [{ name: 'bang.pdf', base64 }] })))
      .replaceAll('bang.pdf', 'bang.xlsx')
      .replace('<ContentType>application/pdf', '<ContentType>application/zip');
    assert.equal((await readDocument(text)).files[0]!.base64, base64);
  });

  it('brings no folder and nothing else in the name of a file', async () => {
    const nameOf = async (given: string) =>
      (await readDocument(await packDocument(makeDocument({ files: [{ name: given, base64: 'YQ==' }] }))))
        .files[0]!.name;
    assert.equal(await nameOf('../../etc/passwd.pdf'), 'passwd.pdf');
    assert.equal(await nameOf('C:\\fakepath\\Công văn.pdf'), 'Công văn.pdf');
    assert.equal(await nameOf('vb\u202Efdp.pdf'), 'vbfdp.pdf');
    assert.equal(await nameOf('..'), 'tep-1');
    assert.ok((await nameOf(`${'a'.repeat(199)}.pdf`)).endsWith('.pdf'));
  });
});

describe('A package that cannot be taken', () => {
  const refuse = async (bytes: Uint8Array, code: string, place?: string): Promise<void> => {
    await assert.rejects(unpack(bytes), (error: unknown) => {
      assert.ok(error instanceof EdxmlError, String(error));
      assert.equal(error.code, code);
      if (place !== undefined) assert.equal(error.place, place);
      return true;
    });
  };
  const zipped = async (names: Record<string, Buffer>): Promise<Buffer> => {
    const zip = new JSZip();
    for (const [name, bytes] of Object.entries(names)) zip.file(name, bytes, { createFolders: false });
    const base64 = await zip.generateAsync({ type: 'base64', compression: 'DEFLATE' });
    return spoilSample('edoc_new', /UEsD[^<]*/, base64);
  };
  const attachment = 'AttachmentEncoded/Attachment[2]';

  it('because of characters before the XML, which genuine samples have', () =>
    refuse(Buffer.concat([Buffer.from('1212'), readSample('edoc_new')]), 'junk-before-xml', 'line 1'));
  it('because it is not UTF-8', async () => {
    await refuse(Buffer.from([0x3c, 0x61, 0xff, 0x3e]), 'not-utf-8');
    await refuse(spoilSample('edoc_new', 'UTF-8', 'UTF-16'), 'not-utf-8');
  });
  it('because of a document type', () =>
    refuse(
      spoilSample(
        'edoc_new',
        '<edXML ',
        '<!DOCTYPE edXML [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<edXML ',
      ),
      'document-type',
      'line 2',
    ));
  it('because it is broken, cut or not XML at all', async () => {
    const whole = readSample('edoc_new');
    await refuse(whole.subarray(0, whole.length / 2), 'not-well-formed');
    await refuse(Buffer.from('<a></b>'), 'not-well-formed');
    await refuse(Buffer.from('<a>&unknown;</a>'), 'not-well-formed');
    await refuse(Buffer.from(''), 'junk-before-xml');
  });
  it('because it nests without end or is too large', async () => {
    await refuse(Buffer.from('<a>'.repeat(100_000)), 'too-deep');
    await refuse(Buffer.from(`<a>${'<b/>'.repeat(60_000)}</a>`), 'too-large');
    await refuse(Buffer.alloc(largestPackage + 1, 60), 'too-large');
  });
  it('because it is some other XML', () => refuse(Buffer.from('<html/>'), 'not-edxml', 'html'));
  it('because something is missing or makes no sense, and tells the place', async () => {
    const header = 'edXMLHeader/MessageHeader';
    await refuse(
      spoilSample('edoc_new', /<edXML:DocumentId>.*<\/edXML:DocumentId>/, ''),
      'missing',
      `${header}/DocumentId`,
    );
    await refuse(spoilSample('edoc_new', '>000.00.20.H57<', '><'), 'missing', `${header}/To[2]/OrganId`);
    await refuse(
      spoilSample('edoc_new', '2018/08/03</edXML:Prom', '2018/02/30</edXML:Prom'),
      'invalid-value',
      `${header}/PromulgationInfo/PromulgationDate`,
    );
    await refuse(spoilSample('status_01', '>01<', '>xx<'), 'invalid-value');
  });
  it('because a file is missing or is no base64', async () => {
    await refuse(
      spoilSample('edoc_new', '<ContentId>cid:att-2', '<ContentId>cid:att-9'),
      'attachment-missing',
    );
    await refuse(
      spoilSample('edoc_new', 'JVBERi0', 'JVB*Ri0'),
      'not-base64',
      'AttachmentEncoded/Attachment[1]/ContentTransferEncoded',
    );
  });
  it('because a zip in it leads out of its folder, bursts or is broken', async () => {
    await refuse(await zipped({ '../../x.sh': Buffer.from('x') }), 'zip-path', attachment);
    await refuse(await zipped({ '/etc/x': Buffer.from('x') }), 'zip-path', attachment);
    await refuse(await zipped({ 'a.xlsx': Buffer.alloc(21 * 1024 * 1024) }), 'zip-bomb', attachment);
    await refuse(spoilSample('edoc_new', /UEsD[^<]*/, 'UEsDBAAA'), 'zip-broken', attachment);
  });
});

describe('The code of an organisation', () => {
  it('has one of two forms', () => {
    assert.equal(formOfOrganId('000.00.00.H57'), '2016');
    assert.equal(formOfOrganId('H57.20.09'), '2020');
    assert.equal(formOfOrganId('0100109106'), '2020');
    for (const wrong of ['', 'h57', 'H57..1', 'H57.', `H57.${'1'.repeat(40)}`, 'sở tài chính'])
      assert.equal(formOfOrganId(wrong), undefined, wrong);
  });
  it('of 2016 stands for one of 2020 when nothing was numbered anew', () => {
    assert.equal(guessCode2020('000.00.00.H57'), 'H57');
    assert.equal(guessCode2020('000.00.20.H57'), 'H57.20');
    assert.equal(guessCode2020('000.01.20.H57'), 'H57.20.01');
    assert.equal(guessCode2020('H57.20'), undefined);
  });
});
