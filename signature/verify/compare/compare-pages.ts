import { type Comparing, compareLink, compareRest, numberOf } from '#signature/verify/compare/context.ts';
import { OddFile } from '#signature/verify/file/odd.ts';
import { Dict, Ref, type Value } from '#signature/verify/file/values.ts';
import type { View } from '#signature/verify/file/view.ts';

const maxPages = 50_000;

/** A node of the page tree (ISO 32000-2 §7.7.3), with its place in words for a report. */
interface Node {
  number: number;
  place: string;
  isPage: boolean;
}

/** The nodes in reading order. @throws OddFile pages-odd when the tree is none */
export const listPages = (view: View): Node[] => {
  const nodes: Node[] = [];
  const seen = new Set<number>();
  const pending: Value[] = [view.dict(view.trailer.get('Root'))?.get('Pages') ?? null];
  let page = 0;
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    const dict = view.dict(item);
    if (!(item instanceof Ref) || !dict || seen.has(item.number)) throw new OddFile('pages-odd');
    if (nodes.length >= maxPages) throw new OddFile('too-complex', 'pages');
    seen.add(item.number);
    const kids = view.array(dict.get('Kids'));
    if (!kids) page += 1;
    nodes.push({ number: item.number, place: kids ? 'pages' : `page ${page}`, isPage: !kids });
    if (kids) pending.push(...kids.toReversed());
  }
  return nodes;
};

const nodeKeys = new Set(['Kids', 'Parent']);
const pageKeys = new Set(['Annots', 'Parent']);

/** What was on the page stays, in its order; after it only widgets of added signature fields may come. */
const compareAnnotations = (comparing: Comparing, old: Dict, now: Dict, place: string): void => {
  const { findings, graph, owned, addedWidgets } = comparing;
  const before = comparing.old.array(old.get('Annots')) ?? [];
  const after = comparing.now.array(now.get('Annots')) ?? [];
  for (const [index, item] of before.entries()) {
    const other = after[index];
    const number = numberOf(item);
    if (number === undefined || !owned.has(number))
      graph.compare(item, other, `${place}, annotation ${index + 1}`);
    else if (numberOf(other) !== number) findings.add('annotation-removed', place);
  }
  for (const item of after.slice(before.length)) {
    const number = numberOf(item);
    if (number === undefined || !addedWidgets.has(number)) findings.add('annotation-added', place);
  }
};

/** Every page, and every node above it, is the same but for the widgets of new signature fields. */
export const comparePages = (comparing: Comparing, oldPages: Node[]): void => {
  const { old, now, findings } = comparing;
  const nowPages = listPages(now);
  const same =
    nowPages.length === oldPages.length &&
    oldPages.every(({ number, isPage }, index) => {
      const other = nowPages[index]!;
      return other.number === number && other.isPage === isPage;
    });
  if (!same) {
    findings.add('pages-changed', 'pages');
    return;
  }
  for (const { number, place, isPage } of oldPages) {
    const [before, after] = [old.get(number), now.get(number)];
    if (!(before instanceof Dict) || !(after instanceof Dict)) {
      findings.add('pages-changed', place);
      return;
    }
    if (before !== after && after.repeats) findings.add('content-changed', place);
    compareLink(comparing, before, after, 'Parent', place);
    compareRest(comparing, before, after, place, isPage ? pageKeys : nodeKeys);
    if (isPage) compareAnnotations(comparing, before, after, place);
  }
};
