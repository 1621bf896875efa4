/** What separates the fields of a CSV file, and whether the first line only says so (`sep=;`). */
export interface Delimiter {
  delimiter: ',' | ';' | '\t';
  declared: boolean;
}

/**
 * Looks at the start of the text. Excel's own `sep=` line is believed; otherwise the candidate wins that
 * cuts the most lines into the same number of fields, then the one that cuts more fields. Quoted text does
 * not count. Undefined when no candidate occurs at all.
 */
export function detectDelimiter(start: string): Delimiter | undefined {
  const said = /^sep=([,;\t])\r?\n/i.exec(start);
  if (said) return { delimiter: said[1] as Delimiter['delimiter'], declared: true };
  const lines = start
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(/\r\n|\r|\n/)
    .filter(line => line.trim() !== '')
    .slice(0, 50);
  let best: { delimiter: Delimiter['delimiter']; lines: number; fields: number } | undefined;
  for (const delimiter of [',', ';', '\t'] as const) {
    const counts = lines.map(line => line.split(delimiter).length).filter(count => count > 1);
    for (const fields of new Set(counts)) {
      const same = counts.filter(count => count === fields).length;
      if (!best || same > best.lines || (same === best.lines && fields > best.fields))
        best = { delimiter, lines: same, fields };
    }
  }
  return best && { delimiter: best.delimiter, declared: false };
}
