import { Dict, nameOf, readText } from '#signature/verify/file/values.ts';
import type { View } from '#signature/verify/file/view.ts';
import { findSignatures } from '#signature/verify/find-signatures.ts';
import type { Field } from '#signature/verify/read-fields.ts';

/** What the signatures of a revision allow afterwards. */
export interface Rights {
  /** DocMDP (ISO 32000-2 §12.8.2.2): 1 nothing, 2 forms and signatures. Annotations (3) are never silently allowed. */
  permission: 1 | 2 | 3;
  /** By a certifying signature: then fields may be signed that are there, but none may be added. */
  certified: boolean;
  /** Whether a field of this name may no longer change (FieldMDP §12.8.2.4, Lock §12.7.5.5). */
  isLocked(name: string): boolean;
}

type Lock = (name: string) => boolean;

const readLock = (view: View, dict: Dict): Lock => {
  const action = nameOf(view.resolve(dict.get('Action')));
  const names = (view.array(dict.get('Fields')) ?? []).flatMap(item => readText(view.resolve(item)) ?? []);
  const named: Lock = name => names.some(one => name === one || name.startsWith(`${one}.`));
  if (action === 'Include') return named;
  if (action === 'Exclude') return name => !named(name);
  // Unknown words lock more, never less.
  return () => true;
};

const asPermission = (value: unknown, absent: 1 | 2 | 3): 1 | 2 | 3 => {
  if (value === null || value === undefined) return absent;
  return value === 2 || value === 3 ? value : 1;
};

/** Reads what every signature of the revision says, the certifying one and approvals alike. */
export const readRights = (view: View, fields: Field[]): Rights => {
  const locks: Lock[] = [];
  let permission: 1 | 2 | 3 = 3;
  let certified = false;
  const lower = (to: 1 | 2 | 3): void => {
    if (to < permission) permission = to;
  };
  const catalog = view.dict(view.trailer.get('Root'));
  const certifying = view.dict(view.dict(catalog?.get('Perms'))?.get('DocMDP'));
  const signed = findSignatures(view, fields);
  const dicts = new Set(signed.map(({ dict }) => dict));
  if (certifying) dicts.add(certifying);
  for (const dict of dicts) {
    for (const item of view.array(dict.get('Reference')) ?? []) {
      const reference = view.dict(item);
      const method = nameOf(view.resolve(reference?.get('TransformMethod')));
      const parameters = view.dict(reference?.get('TransformParams'));
      if (method === 'DocMDP') {
        certified = true;
        lower(asPermission(view.resolve(parameters?.get('P')), 2));
      }
      if (method === 'FieldMDP') locks.push(readLock(view, parameters ?? new Dict()));
    }
  }
  for (const { field } of signed) {
    const lock = view.dict(field.dict.get('Lock'));
    if (!lock) continue;
    locks.push(readLock(view, lock));
    lower(asPermission(view.resolve(lock.get('P')), 3));
  }
  return { permission, certified, isLocked: name => locks.some(lock => lock(name)) };
};
