/** A mail as it came in over SMTP, decoded. */
export interface ReceivedMail {
  /** Envelope sender and recipients. */
  from: string;
  to: string[];
  messageId: string;
  subject: string;
  text: string;
  headers: Record<string, string>;
  /** ISO 8601. */
  at: string;
}

const fromQuotedPrintable = (text: string): Buffer =>
  Buffer.from(
    text
      .replace(/=[ \t]*\r?\n/g, '')
      .replace(/=([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

/** RFC 2047 encoded words; two in a row join without the blank between them. */
const decodeWords = (value: string): string =>
  value.replace(/\?=\s+=\?/g, '?==?').replace(/(?:=\?utf-8\?[bq]\?[^?]*\?=)+/gi, run => {
    const parts = [...run.matchAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi)].map(([, kind = '', body = '']) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(body, 'base64')
        : fromQuotedPrintable(body.replaceAll('_', ' ')),
    );
    return Buffer.concat(parts).toString('utf8');
  });

/** Reads a single-part UTF-8 text mail (RFC 5322); what the hub sends is nothing else. */
export const readMail = (raw: Buffer, envelope: { from: string; to: string[] }): ReceivedMail => {
  const source = raw.toString('latin1');
  const gap = source.indexOf('\r\n\r\n');
  const head = source.slice(0, gap < 0 ? source.length : gap).replace(/\r\n[ \t]+/g, ' ');
  const body = gap < 0 ? '' : source.slice(gap + 4);
  const headers: Record<string, string> = {};
  for (const line of head.split('\r\n')) {
    const at = line.indexOf(':');
    if (at > 0) headers[line.slice(0, at).toLowerCase()] = decodeWords(line.slice(at + 1).trim());
  }
  const encoding = headers['content-transfer-encoding']?.toLowerCase();
  const bytes =
    encoding === 'base64'
      ? Buffer.from(body, 'base64')
      : encoding === 'quoted-printable'
        ? fromQuotedPrintable(body)
        : Buffer.from(body, 'latin1');
  return {
    ...envelope,
    messageId: headers['message-id'] ?? '',
    subject: headers.subject ?? '',
    text: bytes.toString('utf8').replaceAll('\r\n', '\n').trimEnd(),
    headers,
    at: new Date().toISOString(),
  };
};
