import {
  type Comparing,
  compareLink,
  compareRest,
  differs,
  numberOf,
} from '#signature/verify/compare/context.ts';
import { Dict, nameOf, readText, type Value } from '#signature/verify/file/values.ts';
import type { View } from '#signature/verify/file/view.ts';
import type { Field } from '#signature/verify/read-fields.ts';

/** What filling writes, by type of field; the appearance of a button is a picture of its own and no answer to a question. */
const filling: Record<string, ReadonlySet<string>> = {
  Tx: new Set(['V', 'RV', 'AP', 'M']),
  Ch: new Set(['V', 'I', 'AP', 'M']),
  Btn: new Set(['V', 'AS', 'M']),
  Sig: new Set(['V', 'AP', 'M', 'F']),
};
const links = new Set(['Parent', 'P', 'Kids']);
const pushButton = 1 << 16;

const isDocTimeStamp = ({ now }: Comparing, value: Value | undefined): boolean =>
  nameOf(now.resolve(now.dict(value)?.get('Type'))) === 'DocTimeStamp';

/** No answer was given: nothing stands there, an empty text, or a box without its mark. */
const isEmpty = (view: View, value: Value | undefined): boolean => {
  const found = view.resolve(value);
  if (Array.isArray(found)) return found.length === 0;
  return found === null || nameOf(found) === 'Off' || readText(found)?.trim() === '';
};

/** A flag that hides what is signed here: Invisible, Hidden, NoView (ISO 32000-2 §12.5.3). */
const hides = (view: View, dict: Dict): boolean => {
  const flags = view.resolve(dict.get('F'));
  return typeof flags === 'number' && (flags & 0b100011) !== 0;
};

/** The value of a field, or of the parent whose widget it is. */
const valueNow = ({ nowFields }: Comparing, { number }: Field, after: Dict): Value =>
  after.get('V') ?? nowFields.find(field => field.number === number)?.value ?? null;

/** What a change of a field's value is called, and whether it may be. */
const judgeFilling = (comparing: Comparing, old: Field, after: Dict): [code: string, allowed: boolean] => {
  const { rights, now } = comparing;
  const isSignature = old.type === 'Sig';
  if (isSignature && comparing.old.resolve(old.value) !== null) return ['signature-changed', false];
  if (rights.isLocked(old.name)) return ['locked-field-changed', false];
  const stamp = isSignature && isDocTimeStamp(comparing, after.get('V'));
  if (rights.permission === 1 && !stamp) return ['change-forbidden', false];
  const flags = now.resolve(after.get('Ff'));
  const pictured = old.type === 'Btn' && typeof flags === 'number' && (flags & pushButton) !== 0;
  if (pictured) return ['content-changed', false];
  if (!isSignature) {
    // An answer that stood there when it was signed was part of what was signed.
    const given = isEmpty(comparing.old, old.value) && !isEmpty(now, valueNow(comparing, old, after));
    return given ? ['field-filled', true] : ['answer-changed', false];
  }
  if (hides(now, after) && !hides(comparing.old, old.dict)) return ['form-changed', false];
  if (now.dict(after.get('V')) === undefined) return ['unsigned-field-shown', false];
  return [stamp ? 'time-stamp-added' : 'field-signed', true];
};

/** Compares a field of the signed form with what it is now: same place, same kids, only its value may be given. */
export const compareField = (comparing: Comparing, old: Field): void => {
  const { findings, graph, now } = comparing;
  const place = old.name || `object ${old.number}`;
  const before = old.dict;
  const after = old.number === undefined ? undefined : now.get(old.number);
  if (!(after instanceof Dict) || comparing.old.get(old.number!) !== before) {
    findings.add('form-changed', place);
    return;
  }
  if (before !== after && after.repeats) findings.add('form-changed', place);
  const may = filling[old.type ?? ''] ?? new Set<string>();
  const subtype = nameOf(comparing.old.resolve(before.get('Subtype')));
  const filled = [...may].filter(
    key => (key !== 'AP' || subtype === 'Widget') && differs(comparing, before.get(key), after.get(key)),
  );
  if (filled.length > 0) {
    const [code, allowed] = judgeFilling(comparing, old, after);
    findings.add(code, place, allowed);
  }
  compareLink(comparing, before, after, 'Parent', place);
  compareLink(comparing, before, after, 'P', place);
  const kids = now.array(after.get('Kids')) ?? [];
  if (
    kids.length !== old.kids.length ||
    kids.some((kid, index) => numberOf(kid) !== numberOf(old.kids[index]))
  ) {
    findings.add('form-changed', place);
  }
  const done = new Set([...links, ...[...may].filter(key => key !== 'AP' || subtype === 'Widget')]);
  compareRest(comparing, before, after, place, done);
  // What is no form's business stays what it was, even where a field's dictionary says it.
  if (subtype !== undefined && subtype !== 'Widget') graph.compare(before.get('AP'), after.get('AP'), place);
};
