import { readFileSync } from 'node:fs';
import type { SentDocument } from '#schemas/document.ts';

/** A genuine package of the reference SDK (`tests/edxml/data`). */
export const readSample = (name: string): Buffer =>
  readFileSync(new URL(`./data/${name}.edxml`, import.meta.url));

/** A sample with some of its text replaced. */
export const spoilSample = (name: string, what: string | RegExp, by: string): Buffer => {
  const text = readSample(name).toString();
  const spoilt = text.replace(what, by);
  if (spoilt === text) throw new Error(`${name} has no ${what}`);
  return Buffer.from(spoilt);
};

export const makeDocument = (more: Partial<SentDocument> = {}): SentDocument => ({
  documentId: 'H57.01,2026/03/01,12/QĐ-UBND',
  from: { organId: 'H57.01', name: 'Văn phòng UBND tỉnh' },
  to: [{ organId: '000.00.09.H57', name: 'Sở Thông tin và Truyền thông' }, { organId: 'H17.28' }],
  number: '12',
  notation: 'QĐ-UBND',
  issuedOn: '2026-03-01',
  typeName: 'Quyết định',
  subject: 'V/v nâng bậc lương',
  files: [{ name: 'Quyết định 12.pdf', contentId: 'att-1', base64: 'JVBERi0=' }],
  ...more,
});
