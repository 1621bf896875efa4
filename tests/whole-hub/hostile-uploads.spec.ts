import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import exceljs from 'exceljs';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { ImportReport } from '#schemas/intake.ts';
import { buildXlsx } from '#tests/spreadsheet/build-xlsx.ts';
import { type EmbeddedHub, embeddedHub } from './embedded-hub.ts';
import { registerByCode, waitUntilInStep } from './follow-changes.ts';
import type { RunningHub } from './run-hub.ts';
import { makeWorkbook, readReports, sendImport, waitForImport } from './staff-workbook.ts';

const megabyte = 1024 * 1024;
const boundary = '----lien-thong';
const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
const partHead =
  `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="to.xlsx"\r\n` +
  'content-type: application/octet-stream\r\n\r\n';

/** A multipart upload of so many megabytes, made as it is sent. */
const endlessUpload = (megabytes: number): ReadableStream<Uint8Array> => {
  const chunk = new Uint8Array(megabyte).fill(0x41);
  let sent = -1;
  return new ReadableStream({
    pull(controller) {
      sent += 1;
      if (sent === 0) controller.enqueue(Buffer.from(partHead));
      else if (sent <= megabytes) controller.enqueue(chunk);
      else {
        controller.enqueue(Buffer.from(`\r\n--${boundary}--\r\n`));
        controller.close();
      }
    },
  });
};

describe('What strangers and careless people send to the hub', function () {
  this.timeout(60_000);
  let embedded: EmbeddedHub;
  let hub: RunningHub;
  before(async () => {
    embedded = await embeddedHub();
    hub = embedded.hub;
  });

  const imports = async (): Promise<ImportReport[]> =>
    (await hub.get<{ items: ImportReport[] }>('/api/v1/hr/imports')).items;
  const push = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json'): Promise<Response> =>
    hub.ask('/api/v1/hr/records', { method: 'POST', headers: { 'content-type': type }, body });
  const problem = async (answer: Response): Promise<[number, string]> => {
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
    return [answer.status, ((await answer.json()) as { code: string }).code];
  };
  const failure = async (file: Buffer, name = 'x.xlsx'): Promise<string | undefined> => {
    const { id } = await sendImport(hub, new Blob([new Uint8Array(file)]), name);
    const report = await waitForImport(hub, id);
    assert.equal(report.state, 'failed', JSON.stringify(report));
    assert.ok(report.error!.detail.length > 10);
    assert.deepEqual(report.counts, {});
    return report.error?.code;
  };

  it('refuses 200 MB with 413 and keeps nothing of it', async () => {
    const before = await imports();
    const answer = await hub.ask('/api/v1/hr/imports', {
      method: 'POST',
      headers,
      body: endlessUpload(200),
      duplex: 'half',
    });
    assert.deepEqual(await problem(answer), [413, 'too-large']);
    assert.deepEqual(await imports(), before);
  });

  it('refuses 200 MB by their Content-Length, before any of them is sent', async () => {
    const before = await imports();
    const { authorization } = hub;
    const request = httpRequest(`${hub.origin}/api/v1/hr/imports`, {
      method: 'POST',
      headers: { ...headers, authorization, 'content-length': 200 * megabyte },
    });
    request.flushHeaders();
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    assert.equal(answer.statusCode, 413);
    request.on('error', () => {});
    await once(answer.socket, 'close');
    assert.deepEqual(await imports(), before);
  });

  it('keeps nothing of an upload that breaks off', async () => {
    const before = await imports();
    const abort = new AbortController();
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.from(partHead));
        controller.enqueue(new Uint8Array(megabyte));
      },
    });
    const upload = assert.rejects(
      hub.ask('/api/v1/hr/imports', { method: 'POST', headers, body, duplex: 'half', signal: abort.signal }),
    );
    const list = async (length: number) => (await imports()).length === length;
    await waitUntil('the upload to begin', () => list(before.length + 1), { withinMs: 10_000 });
    abort.abort();
    await upload;
    await waitUntil('what came of it to be dropped', () => list(before.length), { withinMs: 10_000 });
    assert.deepEqual(await imports(), before);
  });

  it('refuses zip bombs, broken packages and broken XML with the reason, and applies nothing of them', async () => {
    const blanks = ' '.repeat(20 * megabyte);
    assert.equal(await failure(buildXlsx({ sheet: { content: blanks } })), 'zip-bomb');
    const row = '<row><c t="inlineStr"><is><t>Họ và tên</t></is></c></row>';
    const whole = buildXlsx({ data: row });
    assert.equal(await failure(whole.subarray(0, whole.length / 2)), 'broken-zip');
    const laughs =
      '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><worksheet><sheetData>&c;</sheetData></worksheet>';
    assert.equal(await failure(buildXlsx({ sheet: { content: laughs } })), 'broken-xml');
    const open = '<worksheet><sheetData><row><c><v>1</v></row></worksheet>';
    assert.equal(await failure(buildXlsx({ sheet: { content: open } })), 'broken-xml');
    assert.equal(await failure(Buffer.from('<?xml version="1.0"?><x/>')), 'not-a-spreadsheet');
  });

  it('answers malformed JSON and wrong types with a clear problem', async () => {
    assert.deepEqual(await problem(await push('{"records":[{"name":')), [400, 'malformed-body']);
    assert.deepEqual(await problem(await push(new Uint8Array([0x7b, 0xff, 0xfe]))), [400, 'malformed-body']);
    assert.deepEqual(await problem(await push('{"records":[{"name":7}]}')), [400, 'invalid-request']);
    assert.deepEqual(await problem(await push('<a/>', 'application/xml')), [415, 'unsupported-media-type']);
    const form = await hub.ask('/api/v1/hr/imports', {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data' },
      body: 'no boundary',
    });
    assert.deepEqual(await problem(form), [400, 'malformed-body']);
  });

  it('takes SQL and formulas in cells for the text that they are, as far as into the apps', async () => {
    const titles = [
      "'); drop table staff; --",
      '" or 1=1; select pg_sleep(10) --',
      "=cmd|' /C calc'!A0",
      '=HYPERLINK("http://x.example","a")',
      '@SUM(1+1)*cmd',
      '<script>alert(1)</script>&amp;',
      '%n%n{{constructor}}',
    ];
    const rows = titles.map((title, nr) => {
      const person = ['Nguyễn Văn Bảo', '02/03/1975', 'Nam', `04607530010${nr}`, `0030010${nr}`];
      return [...person, 'Huyện A Lưới', title];
    });
    const refused = ['=1+1', '31/02/1975', 'Nam', '', '00300999', '=cmd', '+1-1'];
    const { id } = await sendImport(hub, await makeWorkbook([...rows, refused]));
    const report = await waitForImport(hub, id);
    assert.deepEqual(
      report.counts,
      { created: titles.length, refused: 1 },
      JSON.stringify(await readReports(hub, id)),
    );
    const people = await registerByCode(hub);
    assert.deepEqual(
      rows.map(row => people.get(row[4]!)?.title),
      titles,
    );
    await waitUntilInStep(hub, embedded.planted);

    const answer = await hub.ask(`/api/v1/hr/imports/${id}/errors.xlsx`);
    const book = new exceljs.Workbook();
    await book.xlsx.load((await answer.arrayBuffer()) as never);
    const cells: unknown[] = [];
    book.worksheets[0]!.getRow(2).eachCell(cell => cells.push(cell.type === exceljs.ValueType.Formula));
    assert.ok(cells.length >= 6 && !cells.includes(true));
  });
});
