import type { ReadPackage } from './read-package.ts';

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const words: Record<string, string> = {
  '01': 'Đã đến',
  '02': 'Từ chối tiếp nhận',
  '03': 'Đã tiếp nhận',
  '04': 'Phân công xử lý',
  '05': 'Đang xử lý',
  '06': 'Hoàn thành',
  '15': 'Đồng ý yêu cầu lấy lại',
  '16': 'Từ chối yêu cầu lấy lại',
};

/** The status that another organisation answers, as its own software writes it: other prefixes, other order. */
export const writeStatus = (
  from: { organId: string; name: string },
  about: Pick<ReadPackage, 'fromOrgan' | 'documentId' | 'code' | 'issuedOn'>,
  status: { code: string; description?: string; at: Date },
): string => {
  const local = new Date(status.at.getTime() + 7 * 3_600_000).toISOString();
  const timestamp = `${local.slice(0, 10).replaceAll('-', '/')} ${local.slice(11, 19)}`;
  return `<?xml version="1.0" encoding="utf-8"?>
<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016"><edXMLEnvelope><edXMLHeader><MessageHeader>
<StatusCode>${escapeText(status.code)}</StatusCode><Timestamp>${timestamp}</Timestamp>
<Description>${escapeText(status.description ?? words[status.code] ?? '')}</Description>
<From><OrganId>${from.organId}</OrganId><OrganName>${escapeText(from.name)}</OrganName></From>
<ResponseFor><OrganId>${escapeText(about.fromOrgan)}</OrganId><DocumentId>${escapeText(about.documentId)}</DocumentId>
<Code>${escapeText(about.code)}</Code><PromulgationDate>${about.issuedOn}</PromulgationDate></ResponseFor>
</MessageHeader></edXMLHeader></edXMLEnvelope></edXML>`;
};
