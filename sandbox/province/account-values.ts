import type { AccountAttribute, AppAccount } from '#schemas/account.ts';
import type { ProvinceStaff } from './generate-staff.ts';

/** What an app that knows a person correctly holds of them: the attributes named, those of the main position. */
export function accountValues(
  person: ProvinceStaff,
  attributes: readonly AccountAttribute[],
): AppAccount['values'] {
  const values: Record<string, unknown> = {};
  for (const attribute of attributes) values[attribute] = readers[attribute](person);
  return values;
}

const readers: { [A in AccountAttribute]: (person: ProvinceStaff) => AppAccount['values'][A] } = {
  code: ({ record }) => record.code,
  username: ({ username }) => username,
  name: ({ record }) => record.name,
  email: ({ email }) => email,
  phone: ({ record }) => record.phone,
  gender: ({ record }) => record.gender,
  birthDate: ({ record }) => record.birthDate,
  unitCode: ({ record }) => record.positions[0]?.unit,
  unitName: ({ unitName }) => unitName,
  title: ({ record }) => record.positions[0]?.title,
  rank: ({ record }) => record.salary?.rank,
  grade: ({ record }) => record.salary?.grade,
  coefficient: ({ record }) => record.salary?.coefficient,
  coefficientFrom: ({ record }) => record.salary?.from,
  awards: ({ record }) => record.awards?.map(({ title }) => title) ?? [],
};
