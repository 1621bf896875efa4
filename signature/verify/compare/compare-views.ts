import { accountForBytes } from '#signature/verify/compare/account-for-bytes.ts';
import { compareForm } from '#signature/verify/compare/compare-form.ts';
import { comparePages, listPages } from '#signature/verify/compare/compare-pages.ts';
import { type Comparing, compareRest, differs, numberOf } from '#signature/verify/compare/context.ts';
import { Findings } from '#signature/verify/compare/findings.ts';
import { Graph } from '#signature/verify/compare/graph.ts';
import { readRights } from '#signature/verify/compare/rights.ts';
import { Dict, nameOf, Stream } from '#signature/verify/file/values.ts';
import type { View } from '#signature/verify/file/view.ts';
import { readFields } from '#signature/verify/read-fields.ts';

const ownRules = new Set(['Pages', 'AcroForm', 'DSS', 'Extensions', 'Version', 'Metadata']);

const compareCatalogs = (comparing: Comparing, before: Dict, after: Dict): void => {
  const { now, findings } = comparing;
  if (before !== after && after.repeats) findings.add('content-changed', 'catalog');
  compareRest(comparing, before, after, 'catalog', ownRules);
  const changed = (key: string): boolean => differs(comparing, before.get(key), after.get(key));
  if (changed('DSS')) findings.add('proofs-added', 'DSS', true);
  if (changed('Extensions') || changed('Version')) findings.add('version-raised', 'catalog', true);
  if (!changed('Metadata')) return;
  const metadata = now.resolve(after.get('Metadata'));
  const isXmp = metadata instanceof Stream && nameOf(metadata.dict.get('Subtype')) === 'XML';
  findings.add(isXmp ? 'description-changed' : 'content-changed', 'catalog /Metadata', isXmp);
};

/** Keys that say where the tables are, and those of a cross-reference stream (ISO 32000-2 tables 15 and 17). */
const trailerRules = new Set(
  'Root Info ID Size Prev XRefStm Type W Index Length Filter DecodeParms AuthCode'.split(' '),
);

/** The file's own words on itself: when and with what it was saved may change, its title and authors not. */
const compareTrailers = (comparing: Comparing): void => {
  const { old, now, findings, graph } = comparing;
  const [before, after] = [old.trailer, now.trailer];
  if (after.repeats) findings.add('content-changed', 'trailer');
  // What a later trailer no longer names can no longer be reached.
  for (const key of after.keys()) {
    if (!trailerRules.has(key)) graph.compare(before.get(key), after.get(key), `trailer /${key}`);
  }
  if (before.has('Encrypt') !== after.has('Encrypt')) findings.add('content-changed', 'trailer /Encrypt');
  const [info, nowInfo] = [old.dict(before.get('Info')), now.dict(after.get('Info'))];
  if (!info || !nowInfo) {
    graph.compare(before.get('Info'), after.get('Info'), 'trailer /Info');
    return;
  }
  compareRest(comparing, info, nowInfo, 'trailer /Info', new Set(['ModDate', 'Producer']));
};

const owned = (views: View[], numbers: (number | undefined)[]): Set<number> => {
  const all = new Set(numbers.filter(number => number !== undefined));
  for (const view of views) {
    const root = numberOf(view.trailer.get('Root'));
    const form = numberOf(view.dict(view.trailer.get('Root'))?.get('AcroForm'));
    for (const number of [root, form]) if (number !== undefined) all.add(number);
  }
  return all;
};

/**
 * What was done to a file between two views of it, the signed one and now. Everything that can be reached from the signed
 * catalog must be the same; a white list allows what signing, filling and proving add, in the places where they add it.
 * An object that is rewritten for one of these and is also reached from elsewhere is found there.
 * @throws OddFile when one of the views cannot be read without guessing
 */
export const compareViews = (old: View, now: View): Findings => {
  const findings = new Findings();
  const [oldFields, nowFields] = [readFields(old), readFields(now)];
  const oldPages = listPages(old);
  const [root, nowRoot] = [old.dict(old.trailer.get('Root')), now.dict(now.trailer.get('Root'))];
  const rootNumber = numberOf(old.trailer.get('Root'));
  if (!root || !nowRoot || rootNumber === undefined || rootNumber !== numberOf(now.trailer.get('Root'))) {
    findings.add('content-changed', 'trailer /Root');
    return findings;
  }
  const numbers = [...oldFields, ...nowFields, ...oldPages].map(({ number }) => number);
  const all = owned([old, now], numbers);
  const clean = new Set<number>();
  const comparing: Comparing = {
    old,
    now,
    oldFields,
    nowFields,
    rights: readRights(old, oldFields),
    findings,
    owned: all,
    graph: new Graph(old, now, all, findings, clean),
    addedWidgets: new Set(),
    clean,
  };
  accountForBytes(comparing);
  compareTrailers(comparing);
  compareCatalogs(comparing, root, nowRoot);
  const [form, nowForm] = [old.dict(root.get('AcroForm')), now.dict(nowRoot.get('AcroForm'))];
  if (form || nowForm) compareForm(comparing, form ?? new Dict(), nowForm ?? new Dict());
  comparePages(comparing, oldPages);
  return findings;
};
