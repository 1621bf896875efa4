import type { Form } from '#hub/signing-desk/form.ts';
import { type DelegationLimits, signingLevels } from '#schemas/signing.ts';

const mostTypes = 100;
const longestType = 100;
const mostPerDay = 100_000;

/** The limits of a delegation as they were filled in: nothing chosen or written limits nothing. Undefined: they cannot be. Pure. */
export const readLimits = (
  form: Pick<Form, 'value' | 'values'>,
  appIds: readonly string[],
): DelegationLimits | undefined => {
  const apps = form.values('app').filter(id => appIds.includes(id));
  const levels = signingLevels.filter(level => form.values('level').includes(level));
  const written = (form.value('types') ?? '').split(/[,;\n]/).map(word => word.normalize('NFC').trim());
  const types = Map.groupBy(
    written.filter(word => word !== ''),
    word => word.toLocaleLowerCase('vi'),
  );
  const documentTypes = [...types.values()].map(([first]) => first!);
  if (documentTypes.length > mostTypes || documentTypes.some(word => word.length > longestType))
    return undefined;
  const number = form.value('per-day');
  if (number !== undefined && !/^[1-9]\d{0,5}$/.test(number)) return undefined;
  const perDay = number === undefined ? undefined : Number(number);
  if (perDay !== undefined && perDay > mostPerDay) return undefined;
  return {
    ...(apps.length === 0 ? {} : { appIds: apps }),
    ...(documentTypes.length === 0 ? {} : { documentTypes }),
    ...(levels.length === 0 ? {} : { levels }),
    ...(perDay === undefined ? {} : { perDay }),
  };
};
