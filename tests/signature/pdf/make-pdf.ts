/** A PDF written by hand, object by object: object 1 is the catalog. Offsets and cross-reference are right. */
export const makePdf = (objects: readonly string[], trailer = ''): Buffer => {
  let text = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n';
  const offsets = objects.map((object, at) => {
    const offset = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = text.length;
  const entries = offsets.map(offset => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
};

const stream = (content: string) => `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;

/** One page with a line of text; `page` and `catalog` add entries, `more` objects from number 6 on. */
export const onePage = ({
  page = '/MediaBox [0 0 595.276 841.89]',
  catalog = '',
  pages = '',
  more = [] as string[],
} = {}): Buffer =>
  makePdf([
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    `<< /Type /Pages /Kids [3 0 R] /Count 1 ${pages} >>`,
    `<< /Type /Page /Parent 2 0 R ${page} /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>`,
    stream('BT /F1 12 Tf 72 700 Td (So: 12/QD-UBND) Tj ET'),
    '<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>',
    ...more,
  ]);
