import { PdfDict } from '@libpdf/core';
import { SignatureFault } from '#signature/fault.ts';
import { type Field, listFields, textOf } from '#signature/pdf/form-fields.ts';
import { asDict, type OpenPdf } from '#signature/pdf/open-pdf.ts';

/** What a signature, or the lock of its field, allows afterwards. */
interface Lock {
  /** DocMDP (ISO 32000-2 §12.8.2.2): 1 nothing, 2 fields and signatures, 3 annotations too. */
  permission: number | undefined;
  action: 'All' | 'Include' | 'Exclude' | undefined;
  fields: string[];
  by: string;
}

const readLock = (dict: PdfDict, by: string, resolve: OpenPdf['resolve']): Lock => ({
  permission: dict.getNumber('P', resolve)?.value,
  action: dict.getName('Action', resolve)?.value as Lock['action'],
  fields: [...(dict.getArray('Fields', resolve) ?? [])].flatMap(name => textOf(name) ?? []),
  by,
});

const locksOf = ({ dict, name, value }: Field, resolve: OpenPdf['resolve']): Lock[] => {
  const signature = asDict(value, resolve);
  const references = [...(signature?.getArray('Reference', resolve) ?? [])];
  const locks = references.flatMap((item): Lock[] => {
    const reference = asDict(item, resolve);
    const parameters = reference?.getDict('TransformParams', resolve);
    const method = reference?.getName('TransformMethod', resolve)?.value;
    if (method === 'DocMDP') {
      return [
        {
          permission: parameters?.getNumber('P', resolve)?.value ?? 2,
          action: undefined,
          fields: [],
          by: name,
        },
      ];
    }
    return method === 'FieldMDP' && parameters
      ? [{ ...readLock(parameters, name, resolve), permission: undefined }]
      : [];
  });
  const lock = dict.getDict('Lock', resolve);
  return lock ? [...locks, readLock(lock, name, resolve)] : locks;
};

/** Everything that signatures of the file say of later changes; a certifying one may stand in no form (Perms). */
const listLocks = (opened: OpenPdf): Lock[] => {
  const { catalog, resolve } = opened;
  const value = catalog.getDict('Perms', resolve)?.get('DocMDP', resolve);
  const certifying: Field = { name: 'DocMDP', type: 'Sig', dict: new PdfDict(), widgets: [], value };
  return [certifying, ...listFields(opened)]
    .filter(field => field.type === 'Sig' && field.value !== undefined)
    .flatMap(field => locksOf(field, resolve));
};

/** How the file is certified, if it is: 1, 2 or 3 of DocMDP. */
export const certification = (opened: OpenPdf): 1 | 2 | 3 | undefined => {
  const permissions = listLocks(opened).flatMap(({ permission }) => permission ?? []);
  return permissions.length === 0 ? undefined : (Math.min(...permissions) as 1 | 2 | 3);
};

/** Whether a field of this name is under a lock, its own or a parent's. */
const covers = ({ action, fields }: Lock, name: string): boolean => {
  const named = fields.some(field => field === name || name.startsWith(`${field}.`));
  return action === 'All' || (action === 'Include' && named) || (action === 'Exclude' && !named);
};

/**
 * Refuses a change that an earlier signature forbids: it would turn invalid. Proofs and document time-stamps are no changes
 * (ISO 32000-2 table 257) and need no leave.
 * @throws SignatureFault pdf-certified
 */
export const refuseIfLocked = (opened: OpenPdf, name: string): void => {
  for (const lock of listLocks(opened)) {
    if (lock.permission === 1) {
      throw new SignatureFault('pdf-certified', 'A signature of the file forbids every change', lock.by);
    }
    if (covers(lock, name)) {
      throw new SignatureFault('pdf-certified', 'A signature of the file has locked this field', name);
    }
  }
};
