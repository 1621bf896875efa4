import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { wordsOf } from '#hub/platform/messages.ts';
import { explainReport } from '#hub/signing/verify/explain-report.ts';
import { verifyRoutes } from '#hub/signing/verify/verify-routes.ts';
import { verifyPdf } from '#signature/verify/verify-pdf.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { makeSigners } from '#tests/signature/verify/make-signers.ts';
import { textOf, update } from '#tests/signature/verify/tamper.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'signature', 'verify');
const sources = (readdirSync(folder, { recursive: true }) as string[])
  .filter(name => name.endsWith('.ts'))
  .map(name => readFileSync(join(folder, name), 'utf8'))
  .join('\n');

describe('The words of a report', () => {
  let signers: ReturnType<typeof makeSigners>;
  let signed: Buffer;
  before(async () => {
    signers = makeSigners();
    signed = await signers.sign(onePage(), signers.leader, { timed: true });
  });
  after(() => signers.made.remove());

  it('exist in both languages for every code that a file can be given', () => {
    const given = [
      ...sources.matchAll(/(?:OddFile|fault|nothing|undecided|findings\.add)\(\s*'([a-z][a-z-]+)'/g),
      ...sources.matchAll(/code: '([a-z-]+)'/g),
      ...sources.matchAll(/(?:return \[?|\? \[?|: \[?|\?\? )'([a-z]+(?:-[a-z]+)+)'/g),
    ].map(([, code]) => code!);
    assert.ok(given.length > 40);
    for (const language of ['vi', 'en'] as const) {
      const words = wordsOf(language, 'verification');
      assert.deepEqual(
        [...new Set(given)].filter(code => !(code in words) && code !== 'time-stamp'),
        [],
        language,
      );
    }
    assert.deepEqual(Object.keys(wordsOf('vi', 'verification')), Object.keys(wordsOf('en', 'verification')));
  });

  it('tell a clerk who signed, when, at what level, and that nothing was changed', async () => {
    const report = await verifyPdf(signed, signers.trust());
    const { summary, signatures } = explainReport(report, 'vi');
    assert.match(summary, /hợp lệ/);
    assert.equal(signatures[0]?.heading, 'Chữ ký của Nguyễn Văn An');
    assert.match(
      signatures[0]?.lines.join('\n') ?? '',
      /chứng minh bằng dấu thời gian: .*B-T .*không thay đổi/s,
    );
  });

  it('tell what was changed and on which page', async () => {
    const changed = update(signed, { 4: textOf(signed, 4).replace('12/QD', '99/QD') });
    const { summary, signatures } = explainReport(await verifyPdf(changed, signers.trust()), 'vi');
    assert.match(summary, /Không dùng tệp này/);
    assert.ok(signatures[0]?.lines.includes('– Nội dung đã bị thay đổi (trang 1 /Contents, đối tượng 4)'));
    const english = explainReport(await verifyPdf(changed, signers.trust()), 'en');
    assert.ok(english.signatures[0]?.lines.includes('– Content was changed (page 1 /Contents, object 4)'));
  });

  it('come with the report from the route, in the language of the caller', async () => {
    const [route] = verifyRoutes(pdf => verifyPdf(pdf, signers.trust()));
    assert.equal(route?.scope, 'signing.verify');
    assert.ok(route?.contentTypes?.includes('application/pdf'));
    const stream = Readable.from([signed.subarray(0, 999), signed.subarray(999)]);
    const asked = { stream, headers: { 'content-type': 'application/pdf' }, language: 'en' };
    const answer = (await route!.handle(asked as never)) as {
      report: { verdict: string };
      words: { summary: string };
    };
    assert.equal(answer.report.verdict, 'valid');
    assert.match(answer.words.summary, /Every signature/);
  });
});
