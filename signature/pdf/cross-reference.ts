/** More sections than any file has been given by signing and filling. */
const mostSections = 2000;

/** What stands between a section's beginning and its end, without the escapes that names may have. */
const readSection = (file: Buffer, offset: number): { table: string; trailer: string } => {
  const isTable = file.toString('latin1', offset, offset + 4) === 'xref';
  const trailerAt = isTable ? file.indexOf('trailer', offset) : offset;
  if (trailerAt === -1) return { table: '', trailer: '' };
  const end = file.indexOf(isTable ? 'startxref' : 'stream', trailerAt);
  const plain = (text: string) =>
    text.replace(/#([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return {
    table: isTable ? file.toString('latin1', offset, trailerAt) : '',
    trailer: plain(file.toString('latin1', trailerAt, end === -1 ? trailerAt + 2000 : end)),
  };
};

/**
 * Whether the library would read another file than viewers do. A hybrid section has a table and a stream (XRefStm, ISO
 * 32000-2 §7.5.8.4); the table's word counts, the library takes the stream's. Harmless where the table names nothing, as in
 * what Word writes; a signed update that repeats XRefStm would lose its newest objects.
 */
export const readsStaleObjects = (bytes: Uint8Array): boolean => {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = file.lastIndexOf('startxref');
  const seen = new Set<number>();
  let offset = Number(
    /startxref\s+(\d+)/.exec(file.toString('latin1', start, start + 40))?.[1] ?? Number.NaN,
  );
  while (Number.isInteger(offset) && offset < file.length && !seen.has(offset) && seen.size < mostSections) {
    seen.add(offset);
    const { table, trailer } = readSection(file, offset);
    if (/\/XRefStm\b/.test(trailer) && /\d{10} \d{5} n/.test(table)) return true;
    offset = Number(/\/Prev\s+(\d+)/.exec(trailer)?.[1] ?? Number.NaN);
  }
  return false;
};
