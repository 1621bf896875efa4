import { type Comparing, numberOf } from '#signature/verify/compare/context.ts';
import { type Dict, nameOf, type Value } from '#signature/verify/file/values.ts';
import type { Field } from '#signature/verify/read-fields.ts';

/** Keys of a signature field and its widget that do nothing: no actions, no further annotations. */
const harmless = new Set(
  'FT T TU TM Ff V Kids Parent Type Subtype Rect P F AP AS MK DA DR Q Lock SV Border BS M NM H C StructParent Contents'.split(
    ' ',
  ),
);

const hasArea = (comparing: Comparing, dict: Dict): boolean => {
  const corners = (comparing.now.array(dict.get('Rect')) ?? []).map(Number);
  return corners.length === 4 && corners[0] !== corners[2] && corners[1] !== corners[3];
};

/** What is wrong with one dictionary of an added field; undefined: nothing. */
const faultOf = (comparing: Comparing, field: Field, signed: boolean): string | undefined => {
  const { dict, number, type } = field;
  if (number === undefined || type !== 'Sig' || dict.repeats) return 'field-added';
  if ([...dict.keys()].some(key => !harmless.has(key))) return 'field-added';
  const subtype = nameOf(comparing.now.resolve(dict.get('Subtype')));
  if (subtype !== undefined && subtype !== 'Widget') return 'field-added';
  // An unsigned box could show anything, and nobody answers for it.
  if (!signed && dict.has('AP') && hasArea(comparing, dict)) return 'unsigned-field-shown';
  return undefined;
};

/** A field that came at the end of the form's array: only a signature field, itself signed or empty. */
export const judgeAddedField = (comparing: Comparing, item: Value): void => {
  const { findings, nowFields, oldFields, rights, now } = comparing;
  const number = numberOf(item);
  const field = nowFields.find(one => one.number !== undefined && one.number === number);
  if (!field || oldFields.some(one => one.number === number)) {
    findings.add('field-added', `object ${number ?? '?'}`);
    return;
  }
  const place = field.name || `object ${number}`;
  const kids = field.kids.flatMap(kid => nowFields.filter(one => one.number === numberOf(kid)));
  const value = now.dict(field.dict.get('V'));
  const fault = [field, ...kids]
    .map(one => faultOf(comparing, one, value !== undefined))
    .find(code => code !== undefined);
  const nested = kids.some(kid => kid.kids.length > 0 || kid.dict.has('T'));
  const twice = nowFields.filter(one => one.name === field.name && one.dict.has('T')).length > 1;
  if (fault || nested || twice || field.name === '') {
    findings.add(fault ?? 'field-added', place);
    return;
  }
  const stamp = nameOf(now.resolve(value?.get('Type'))) === 'DocTimeStamp';
  if ((rights.certified || rights.permission === 1) && !stamp) {
    findings.add('change-forbidden', place);
    return;
  }
  if (!stamp && rights.isLocked(field.name)) {
    findings.add('locked-field-changed', place);
    return;
  }
  findings.add(stamp ? 'time-stamp-added' : value ? 'signature-added' : 'signature-field-added', place, true);
  for (const one of [field, ...kids]) comparing.addedWidgets.add(one.number!);
};
