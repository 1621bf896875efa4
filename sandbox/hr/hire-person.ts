import type { HrPerson } from './hr-person.ts';
import type { Personnel } from './personnel.ts';

const names = [
  'Trần Thị Mỹ Duyên',
  'Hoàng Minh Đức',
  'Tôn Nữ Quỳnh Như',
  'Lê Viết Thắng',
  'Phan Thị Ngọc Hà',
  'Hồ Đắc Ân',
];

/** The first of `make(0)`, `make(1)`, … that nobody holds. */
const firstFree = (
  isTaken: (value: string) => boolean,
  from: number,
  make: (n: number) => string,
): string => {
  let number = from;
  while (isTaken(make(number))) number += 1;
  return make(number);
};

/** A new person: what `given` lacks is filled in, with a code and a citizen number that nobody holds. */
export const hirePerson = (personnel: Personnel, given: Partial<HrPerson>, today: string): HrPerson => {
  const number = personnel.count() + 1;
  const model = personnel.slice(number % Math.max(1, personnel.count()), 1)[0]?.person;
  const gender = given.gender ?? (number % 2 === 0 ? 'male' : 'female');
  const birthDate = given.birthDate ?? `19${80 + (number % 20)}-0${1 + (number % 9)}-1${number % 10}`;
  // Citizen number: province of birth, sex and century, year of birth, six digits (Circular 59/2021/TT-BCA).
  const century = birthDate.startsWith('19') ? 0 : 2;
  const prefix = `046${century + (gender === 'female' ? 1 : 0)}${birthDate.slice(2, 4)}`;
  return {
    name: names[number % names.length] as string,
    unitCode: model?.unitCode ?? 'H57.01',
    title: 'Chuyên viên',
    positions: [],
    rank: '01.003',
    grade: 1,
    coefficient: 234,
    coefficientFrom: today,
    awards: [],
    disciplines: [],
    status: 'active',
    statusFrom: today,
    ...given,
    gender,
    birthDate,
    code:
      given.code ??
      firstFree(
        code => personnel.idOf('code', code) !== undefined,
        number,
        n => `9${String(n).padStart(7, '0')}`,
      ),
    citizenNumber:
      given.citizenNumber ??
      firstFree(
        citizen => personnel.idOf('citizenNumber', citizen) !== undefined,
        number,
        n => prefix + String(n % 1_000_000).padStart(6, '0'),
      ),
  };
};
