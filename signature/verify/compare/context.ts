import { Findings } from '#signature/verify/compare/findings.ts';
import { Graph } from '#signature/verify/compare/graph.ts';
import type { Rights } from '#signature/verify/compare/rights.ts';
import { type Dict, Ref, type Value } from '#signature/verify/file/values.ts';
import type { View } from '#signature/verify/file/view.ts';
import type { Field } from '#signature/verify/read-fields.ts';

/** What all rules of one comparison share. */
export interface Comparing {
  old: View;
  now: View;
  oldFields: Field[];
  nowFields: Field[];
  rights: Rights;
  findings: Findings;
  /** Objects with rules of their own: catalog, form, fields, pages. */
  owned: Set<number>;
  /** Everything without a rule of its own must be as it was. */
  graph: Graph;
  /** Widgets of signature fields that were added: the only annotations that a page may gain. */
  addedWidgets: Set<number>;
  /** Objects under which nothing differs, as far as known. */
  clean: Set<number>;
}

export const numberOf = (value: Value | undefined): number | undefined =>
  value instanceof Ref ? value.number : undefined;

/** Whether anything under two values differs; leaves no trace in the comparison itself. */
export const differs = ({ old, now, owned, clean }: Comparing, a?: Value, b?: Value): boolean => {
  const findings = new Findings();
  const graph = new Graph(old, now, owned, findings, clean);
  graph.compare(a, b, '');
  if (!findings.suspicious) for (const number of graph.seen) clean.add(number);
  return findings.suspicious;
};

/** Compares all keys of two dictionaries as they were, but those that have rules of their own. */
export const compareRest = (
  { graph }: Comparing,
  old: Dict,
  now: Dict,
  place: string,
  except: ReadonlySet<string>,
): void => {
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    if (!except.has(key)) graph.compare(old.get(key), now.get(key), `${place} /${key}`);
  }
};

/** A reference that must still be the same one, whatever it leads to: upwards in a tree, to a page. */
export const compareLink = (
  { findings }: Comparing,
  old: Dict,
  now: Dict,
  key: string,
  place: string,
): void => {
  const [a, b] = [old.get(key), now.get(key)];
  if (a !== b && (numberOf(a) === undefined || numberOf(a) !== numberOf(b)))
    findings.add('content-changed', `${place} /${key}`);
};
