import type { Comparing } from '#signature/verify/compare/context.ts';
import { skipWhite } from '#signature/verify/file/characters.ts';
import { OddFile } from '#signature/verify/file/odd.ts';
import type { Section } from '#signature/verify/file/read-section.ts';
import { Reader } from '#signature/verify/file/read-value.ts';
import { Stream } from '#signature/verify/file/values.ts';
import type { View } from '#signature/verify/file/view.ts';

type Span = [from: number, to: number];

/** The bytes of one object, its `endobj` included. */
const spanOf = (view: View, offset: number): Span => {
  const { value, end } = view.file.objectAt(offset);
  const reader = new Reader(view.file.bytes, end);
  if (value instanceof Stream) {
    reader.at = end + view.dataOf(value).length;
    reader.take('endstream');
  }
  // An empty object was read to its `endobj` already.
  if (!reader.take('endobj') && value !== null) throw new OddFile('object-unclosed', `byte ${offset}`);
  return [offset, reader.at];
};

/** What one later saving wrote must be its objects, its cross-reference and nothing else. */
const gapOf = (view: View, section: Section, from: number): number | undefined => {
  const offsets = new Set<number>();
  const hybrid = section.trailer.get('XRefStm');
  if (typeof hybrid === 'number' && hybrid >= from && hybrid < section.at) offsets.add(hybrid);
  for (const entry of section.entries.values()) {
    if (entry.kind === 'plain' && entry.offset >= from && entry.offset < section.at)
      offsets.add(entry.offset);
  }
  let at = from;
  for (const [start, end] of [...offsets].sort((a, b) => a - b).map(offset => spanOf(view, offset))) {
    if (skipWhite(view.file.bytes, at) < start) return skipWhite(view.file.bytes, at);
    at = Math.max(at, end);
  }
  const next = skipWhite(view.file.bytes, at);
  return next < section.at ? next : undefined;
};

/**
 * Every byte after the signed revision has its place in the file's own tables: each saving names the one before it, and
 * holds only objects that it lists. Otherwise a program that repairs files could show what others do not see.
 */
export const accountForBytes = ({ old, now, findings }: Comparing): void => {
  const later = now.sections.filter(({ at }) => at >= old.end).toReversed();
  let from = old.end;
  let previous = old.sections[0]!.at;
  for (const section of later) {
    if (section.at < from || section.previous !== previous || section.closes !== section.at) {
      findings.add('cross-reference-odd', `byte ${section.at}`);
      return;
    }
    const gap = gapOf(now, section, from);
    if (gap !== undefined) findings.add('bytes-unaccounted', `byte ${gap}`);
    [from, previous] = [section.end, section.at];
  }
  const rest = skipWhite(now.file.bytes, from);
  if (rest < now.end) findings.add('bytes-unaccounted', `byte ${rest}`);
  if (now.sections.length !== later.length + old.sections.length) {
    findings.add('cross-reference-odd', `byte ${from}`);
  }
};
