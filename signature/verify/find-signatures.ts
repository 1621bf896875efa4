import { type Dict, nameOf, Ref } from '#signature/verify/file/values.ts';
import type { View } from '#signature/verify/file/view.ts';
import { type Field, readFields } from '#signature/verify/read-fields.ts';

/** A signature of the form: its field, and the dictionary that is the field's value. */
export interface FoundSignature {
  field: Field;
  dict: Dict;
  /** The number of the dictionary; absent: it stands in the field itself. */
  number: number | undefined;
  kind: 'signature' | 'time-stamp';
}

/** More than any document bears; each costs a comparison of the whole file. */
export const maxSignatures = 100;

/** The signed signature fields, in the order of the form. A widget of a signed field is no second signature. */
export const findSignatures = (view: View, fields: Field[] = readFields(view)): FoundSignature[] => {
  const found: FoundSignature[] = [];
  for (const field of fields) {
    if (field.type !== 'Sig') continue;
    const value = field.dict.get('V');
    const dict = view.dict(value);
    if (!dict) continue;
    const isStamp =
      nameOf(view.resolve(dict.get('Type'))) === 'DocTimeStamp' ||
      nameOf(view.resolve(dict.get('SubFilter'))) === 'ETSI.RFC3161';
    found.push({
      field,
      dict,
      number: value instanceof Ref ? value.number : undefined,
      kind: isStamp ? 'time-stamp' : 'signature',
    });
  }
  return found;
};
