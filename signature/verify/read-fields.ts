import { OddFile } from '#signature/verify/file/odd.ts';
import { type Dict, nameOf, Ref, readText, type Value } from '#signature/verify/file/values.ts';
import type { View } from '#signature/verify/file/view.ts';

/** A field of the form, or a node above fields (ISO 32000-2 §12.7.4), where it stands. */
export interface Field {
  /** The full name, from the root down, joined with dots. */
  name: string;
  /** Undefined for one that stands in its parent's array itself. */
  number: number | undefined;
  dict: Dict;
  /** `Sig`, `Tx`, …: its own or inherited. */
  type: string | undefined;
  /** Its own or inherited. */
  value: Value;
  /** Numbers of what stands in its Kids. */
  kids: Value[];
}

const maxFields = 20_000;

/** All fields of the form, parents before children. @throws OddFile */
export const readFields = (view: View): Field[] => {
  const catalog = view.dict(view.trailer.get('Root'));
  const form = view.dict(catalog?.get('AcroForm'));
  const fields: Field[] = [];
  const seen = new Set<number>();
  const pending: { item: Value; parent: Field | undefined }[] = [];
  const push = (items: Value[] | undefined, parent: Field | undefined): void => {
    for (const item of [...(items ?? [])].reverse()) pending.push({ item, parent });
  };
  push(view.array(form?.get('Fields')), undefined);
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { item, parent } = next;
    const number = item instanceof Ref ? item.number : undefined;
    if (number !== undefined) {
      if (seen.has(number)) throw new OddFile('field-twice', `object ${number}`);
      seen.add(number);
    }
    const dict = view.dict(item);
    if (!dict) continue;
    if (fields.length >= maxFields) throw new OddFile('too-complex', 'AcroForm');
    const own = readText(view.resolve(dict.get('T')));
    const name = [parent?.name, own].filter(part => part !== undefined).join('.');
    const kids = view.array(dict.get('Kids')) ?? [];
    const field: Field = {
      name,
      number,
      dict,
      type: nameOf(view.resolve(dict.get('FT'))) ?? parent?.type,
      value: dict.get('V') ?? parent?.value ?? null,
      kids,
    };
    fields.push(field);
    push(kids, field);
  }
  return fields;
};
