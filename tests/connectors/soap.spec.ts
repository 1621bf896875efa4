import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { createSoapClient, type SoapClient } from '#connectors/kit/soap.ts';
import type { SoapFault } from '#connectors/kit/soap-fault.ts';
import { answerRaw, envelope, sendXml } from '#tests/connectors/answer-raw.ts';

const wsdl = new URL(import.meta.resolve('#connectors/document-system/can-bo.wsdl'));
const namespace = 'urn:qlvb:dich-vu:can-bo:v2';
const answerOf = (content: string): string =>
  `<x:LayCanBoResponse xmlns:x="${namespace}"><x:CanBo>${content}</x:CanBo></x:LayCanBoResponse>`;
const person = '<x:MaCanBo>1</x:MaCanBo><x:HoTen>Đặng Thị Ánh</x:HoTen>';

describe('the SOAP client of the connectors', () => {
  let server: { origin: string; stop(): Promise<void> };
  let client: SoapClient;
  let answer: (response: ServerResponse, body: string) => void;
  let requests: string[] = [];
  let faults: SoapFault[] = [];

  before(async () => {
    server = await answerRaw((body, response) => {
      requests.push(body);
      answer(response, body);
    });
    client = createSoapClient({
      wsdl,
      endpoint: `${server.origin}/dichvu`,
      maxBytes: 11_000_000,
      mapFault(fault) {
        faults.push(fault);
        return undefined;
      },
    });
  });
  after(() => server.stop());
  beforeEach(() => {
    requests = [];
    faults = [];
  });

  const call = (input: object = { MaCanBo: '1' }): Promise<unknown> =>
    client.call('LayCanBo', input, { signal: AbortSignal.timeout(20_000), check: value => value });
  const says = (text: string, status = 200): void => {
    answer = response => sendXml(response, text, status);
  };
  const fails = async (code: string): Promise<ConnectorError> => {
    const error = await call().then(
      () => assert.fail('the call succeeded'),
      thrown => thrown,
    );
    assert.ok(error instanceof ConnectorError, `a kit error, not ${String(error)}`);
    assert.equal(error.code, code, error.message);
    return error;
  };

  describe('reads what peers of other makes write', () => {
    it('with prefixes, a default namespace, a byte order mark, comments and CDATA of their own', async () => {
      const expected = { CanBo: { MaCanBo: '1', HoTen: 'Đặng Thị Ánh' } };
      says(envelope(answerOf(person), 'S'));
      assert.deepEqual(await call(), expected);
      says(
        `\uFEFF<!-- > --><Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><LayCanBoResponse xmlns="${namespace}"><CanBo><MaCanBo>1</MaCanBo><HoTen><![CDATA[Đặng Thị Ánh]]></HoTen></CanBo></LayCanBoResponse></Body></Envelope>`,
      );
      assert.deepEqual(await call(), expected);
    });

    it('tells a fault by its code, its words and its detail, in SOAP 1.1 and 1.2, with status 500 and 200', async () => {
      says(
        envelope(
          '<env:Fault><faultcode>env:Client.X</faultcode><faultstring xml:lang="vi">Sai</faultstring><detail><q:MaLoi xmlns:q="q">E1</q:MaLoi></detail></env:Fault>',
        ),
        500,
      );
      assert.equal((await fails('refused')).vendorCode, 'Client.X');
      says(
        envelope(
          '<env:Fault><env:Code><env:Value>env:Receiver</env:Value></env:Code><env:Reason><env:Text xml:lang="vi">Hỏng</env:Text></env:Reason></env:Fault>',
        ),
      );
      await fails('unavailable');
      assert.deepEqual(faults, [
        { code: 'Client.X', text: 'Sai', detail: { MaLoi: 'E1' } },
        { code: 'Server', text: 'Hỏng', detail: {} },
      ]);
    });

    it('reads an answer of 10 MB', async () => {
      const many = `<x:CanBo>${person}<x:ChucVu>${'Chuyên viên '.repeat(80)}</x:ChucVu></x:CanBo>`;
      const rows = Math.ceil(10_000_000 / Buffer.byteLength(many));
      says(
        envelope(
          `<x:DanhSachCanBoResponse xmlns:x="${namespace}"><x:TongSo>${rows}</x:TongSo>${many.repeat(rows)}</x:DanhSachCanBoResponse>`,
        ),
      );
      const list = (await client.call(
        'DanhSachCanBo',
        { Trang: 1, SoDong: rows },
        { signal: AbortSignal.timeout(20_000), check: value => value },
      )) as { TongSo: number; CanBo: unknown[] };
      assert.deepEqual([list.TongSo, list.CanBo.length], [rows, rows]);
    });
  });

  describe('refuses what no sound peer writes', () => {
    const doctype = (subset: string) =>
      `<?xml version="1.0"?><!DOCTYPE e [${subset}]>${envelope(answerOf('<x:HoTen>&a;</x:HoTen>')).replace('<?xml version="1.0"?>', '')}`;

    it('a document type declaration, an external entity and an entity bomb, before any of them is parsed', async () => {
      const bomb = Array.from({ length: 30 }, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`).join(
        '',
      );
      for (const subset of ['', `<!ENTITY a SYSTEM "${server.origin}/stolen">`, `<!ENTITY e0 "x">${bomb}`]) {
        says(doctype(subset));
        const error = await fails('unexpected-answer');
        assert.match(error.message, /document type/);
      }
      assert.equal(requests.length, 3, 'nothing was fetched');
    });

    it('an answer larger than allowed, and one that would grow by being unpacked', async () => {
      const large = envelope(answerOf(`<x:HoTen>${'a'.repeat(12_000_000)}</x:HoTen>`));
      says(large);
      assert.match((await fails('unexpected-answer')).message, /larger than/);
      answer = response =>
        response
          .writeHead(200, { 'content-type': 'text/xml', 'content-encoding': 'gzip' })
          .end(gzipSync(large));
      assert.match((await fails('unexpected-answer')).message, /compressed/);
    });

    it('nesting without end', async () => {
      says(envelope(answerOf('<x:HoTen>'.repeat(500_000))));
      assert.match((await fails('unexpected-answer')).message, /deeper/);
    });

    it('references and hidden documents that would write to every object of the program', async () => {
      const poisons = [
        '<x:HoTen id="__proto__"><x:a>1</x:a></x:HoTen>',
        '<x:HoTen id="&#95;_proto__"><x:a>1</x:a></x:HoTen>',
        "<x:HoTen id='constructor'><x:a>1</x:a></x:HoTen>",
        '<x:HoTen href="#__proto__"/>',
        '<x:HoTen><![CDATA[<?xml version="1.0"?><a id="__proto__"><b>1</b></a>]]></x:HoTen>',
      ];
      for (const poison of poisons) {
        says(envelope(answerOf(poison)));
        await fails('unexpected-answer');
      }
      assert.equal(({} as Record<string, unknown>).obj, undefined);
      assert.equal((Object as unknown as Record<string, unknown>).obj, undefined);
    });

    it('broken XML, a stranger element, an empty body, an attachment message', async () => {
      const texts = [
        envelope(answerOf(person)).slice(0, -20),
        envelope(answerOf(`${person}<x:HoTen>`)),
        envelope('<other xmlns="urn:x"/>'),
        `<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>`,
        '<',
        '',
      ];
      for (const text of texts) {
        says(text);
        await fails('unexpected-answer');
      }
      answer = response =>
        response
          .writeHead(200, { 'content-type': 'multipart/related; type="application/xop+xml"; boundary="b"' })
          .end(`--b\r\nContent-Type: application/xop+xml\r\n\r\n${envelope(answerOf(person))}\r\n--b--`);
      await fails('unexpected-answer');
    });

    it('an error status with an ordinary answer', async () => {
      says(envelope(answerOf(person)), 500);
      await fails('unavailable');
      says(envelope(answerOf(person)), 404);
      await fails('unexpected-answer');
    });

    it('a redirect, because the credentials would travel with it', async () => {
      answer = response => response.writeHead(307, { location: `${server.origin}/elsewhere` }).end();
      await fails('unexpected-answer');
      assert.equal(requests.length, 1);
    });
  });

  describe('keeps what is personal to itself', () => {
    it('in every error: neither the words of a fault nor a broken answer', async () => {
      const secret = 'Đặng Thị Ánh 046180123456';
      const texts: [string, string][] = [
        [
          envelope(
            `<env:Fault><faultcode>env:Server</faultcode><faultstring>${secret}</faultstring></env:Fault>`,
          ),
          'unavailable',
        ],
        [envelope(`${answerOf(secret)}<`), 'unexpected-answer'],
      ];
      for (const [text, code] of texts) {
        says(text, 500);
        const error = await fails(code);
        assert.equal(error.cause, undefined);
        assert.ok(!`${error.message} ${error.stack} ${JSON.stringify(error)}`.includes('046180123456'));
      }
    });
  });

  describe('writes values that cannot break out of their element', () => {
    it('a CDATA section that would close early, characters that XML forbids, half a surrogate pair', async () => {
      says(envelope(answerOf(person)));
      await call({ MaCanBo: '<![CDATA[x]]></MaCanBo><MaCBCCVC>y</MaCBCCVC><![CDATA[z]]>' });
      await call({ MaCanBo: 'a\u0000b\u0008c\uD83Dd\uFFFEe😀&<"' });
      assert.ok(!requests[0]?.includes('<MaCBCCVC>'));
      assert.match(requests[1] ?? '', /<MaCanBo>abcde😀&amp;&lt;&quot;<\/MaCanBo>/);
    });
  });
});
