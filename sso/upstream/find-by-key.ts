import type { Call } from '#hub/platform/calls.ts';
import type { UpstreamKey } from '#schemas/upstream.ts';

/** As much of a person as linking needs. */
export interface KeyedPerson {
  id: string;
  status: string;
}

/** A key as the register writes it; undefined: it cannot be one. Nothing is guessed or completed. */
export const cleanKey = (key: UpstreamKey, value: string | undefined): string | undefined => {
  const text = value?.trim().normalize('NFC') ?? '';
  if (text === '' || text.length > 100 || text.includes('\0')) return undefined;
  if (key === 'citizenNumber') return /^\d{12}$/.test(text) ? text : undefined;
  return key === 'username' ? text.toLowerCase() : text;
};

const byColumn = async (
  call: Call,
  field: 'code' | 'username',
  values: string[],
): Promise<Map<string, KeyedPerson[]>> => {
  const found = new Map<string, KeyedPerson[]>();
  const wanted = values.map(value => value.toLowerCase());
  const { items } = await call('staff.find', {
    where: { field, in: wanted },
    limit: 1000,
    total: false,
  });
  for (const { staff } of items) found.set(staff[field], [...(found.get(staff[field]) ?? []), staff]);
  return found;
};

const byCitizenNumber = async (call: Call, values: string[]): Promise<Map<string, KeyedPerson[]>> => {
  const answers = await call('staff.candidates', {
    keys: values.map(citizenNumber => ({ citizenNumber, name: '' })),
  });
  return new Map(
    values.map((value, at) => [
      value,
      answers[at]!.filter(({ matchedBy }) => matchedBy.includes('citizenNumber')).map(
        ({ staffId, status }) => ({ id: staffId, status }),
      ),
    ]),
  );
};

/** Everybody of the register, whatever their status, who has exactly one of these (clean) keys; 300 at most. */
export const findByKey = (
  call: Call,
  key: UpstreamKey,
  values: string[],
): Promise<Map<string, KeyedPerson[]>> =>
  key === 'citizenNumber' ? byCitizenNumber(call, values) : byColumn(call, key, values);
