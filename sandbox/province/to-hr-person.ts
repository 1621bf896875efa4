import type { HrPerson } from '#sandbox/hr/hr-person.ts';
import type { ProvinceStaff } from './generate-staff.ts';

/** A person of the province as the HR software holds them, with the account that the hub wrote back. */
export const toHrPerson = ({ record, username, email }: ProvinceStaff): HrPerson => {
  const [main, ...others] = record.positions;
  return {
    code: record.code,
    citizenNumber: record.citizenNumber,
    name: record.name,
    birthDate: record.birthDate ?? String(record.birthYear),
    gender: record.gender,
    ...(record.phone === undefined ? {} : { phone: record.phone }),
    account: username,
    email,
    unitCode: main!.unit,
    title: main!.title,
    positions: others.map(({ unit, title, from }) => ({
      unitCode: unit,
      title,
      ...(from === undefined ? {} : { from }),
    })),
    rank: record.salary!.rank,
    grade: record.salary!.grade,
    coefficient: record.salary!.coefficient,
    coefficientFrom: record.salary!.from,
    awards: record.awards ?? [],
    disciplines: [],
    status: 'active',
  };
};
