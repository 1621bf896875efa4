import { judgeAddedField } from '#signature/verify/compare/added-fields.ts';
import { compareField } from '#signature/verify/compare/compare-fields.ts';
import { type Comparing, compareRest, differs, numberOf } from '#signature/verify/compare/context.ts';
import { Dict } from '#signature/verify/file/values.ts';

const ownRules = new Set(['Fields', 'SigFlags', 'DR', 'DA', 'NeedAppearances']);

/** Fonts may be added for what is filled in; those that are there keep their meaning. */
const compareResources = (comparing: Comparing, before: Dict, after: Dict): void => {
  const { old, now, graph, findings } = comparing;
  const [a, b] = [old.dict(before.get('DR')) ?? new Dict(), now.dict(after.get('DR')) ?? new Dict()];
  for (const [kind, value] of a) {
    const [known, given] = [old.dict(value), now.dict(b.get(kind))];
    if (!known || !given) graph.compare(value, b.get(kind), `form /DR /${kind}`);
    else for (const [key, item] of known) graph.compare(item, given.get(key), `form /DR /${kind} /${key}`);
  }
  if (!findings.suspicious && differs(comparing, before.get('DR'), after.get('DR'))) {
    findings.add('form-resources-added', 'form', true);
  }
};

/**
 * The form (ISO 32000-2 §12.7.3): its fields stay in their order and keep their meaning, signature fields may follow them,
 * and flags that protect signatures may be set but not taken away.
 */
export const compareForm = (comparing: Comparing, before: Dict, after: Dict): void => {
  const { old, now, oldFields, findings, graph } = comparing;
  if (before !== after && after.repeats) findings.add('form-changed', 'form');
  compareRest(comparing, before, after, 'form', ownRules);
  const roots = old.array(before.get('Fields')) ?? [];
  const nowRoots = now.array(after.get('Fields')) ?? [];
  if (
    roots.some((root, index) => numberOf(root) === undefined || numberOf(root) !== numberOf(nowRoots[index]))
  ) {
    findings.add('form-changed', 'form');
  }
  for (const field of oldFields) compareField(comparing, field);
  for (const item of nowRoots.slice(roots.length)) judgeAddedField(comparing, item);
  const [flags, nowFlags] = [before, after].map((form, index) => {
    const value = (index === 0 ? old : now).resolve(form.get('SigFlags'));
    return typeof value === 'number' ? value : 0;
  }) as [number, number];
  if ((flags & ~nowFlags) !== 0 || nowFlags > 3) findings.add('form-changed', 'form /SigFlags');
  if (before.has('DA')) graph.compare(before.get('DA'), after.get('DA'), 'form /DA');
  // True asks viewers to draw every field anew, from what stands elsewhere.
  if (
    now.resolve(after.get('NeedAppearances')) === true &&
    old.resolve(before.get('NeedAppearances')) !== true
  ) {
    findings.add('form-changed', 'form /NeedAppearances');
  }
  compareResources(comparing, before, after);
};
