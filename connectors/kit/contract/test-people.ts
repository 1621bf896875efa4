import { randomUUID } from 'node:crypto';
import type { AppAccount, DesiredAccount } from '#schemas/account.ts';

/** Whose accounts the contract writes: two people, and what they change to. */
export interface TestPeople {
  first: DesiredAccount;
  second: DesiredAccount;
  /** Other values for every attribute of a person; the two e-mail addresses follow the user names. */
  changed(person: DesiredAccount): DesiredAccount;
  /** The same values with everything that breaks careless protocols. */
  hostile(person: DesiredAccount): DesiredAccount;
}

const text = `Đặng Thị Ngọc Ánh O'Hara <b>&amp; "Sở" \\ %s {{x}} ]]> – ỡ`;
const longName = 'Nguyễn Phước Công Tằng Tôn Nữ Hoàng Thị Ngọc Ánh Đào '.repeat(4).slice(0, 120).trim();

const withUsername = (person: DesiredAccount, username: string): DesiredAccount => ({
  ...person,
  username,
  email: `${username}@${person.email?.split('@')[1] ?? 'example.gov.vn'}`,
});

/** Two units that the app already knows, so that an app which checks them is content. */
const unitsOf = (sample: AppAccount[]): { unitCode: string; unitName: string }[] => {
  const units = new Map(
    sample.flatMap(({ values: { unitCode, unitName } }) =>
      unitCode === undefined ? [] : [[unitCode, unitName ?? unitCode] as const],
    ),
  );
  units.set('H57.KT1', 'Đơn vị kiểm tra một').set('H57.KT2', 'Đơn vị kiểm tra hai');
  return [...units].map(([unitCode, unitName]) => ({ unitCode, unitName }));
};

const invent = (number: number, sample: AppAccount[]): DesiredAccount => {
  const address = sample.find(account => account.values.email !== undefined)?.values.email;
  const username = `kiemtra.lienthong.${number}`;
  return {
    staffId: randomUUID(),
    enabled: true,
    code: `KIEMTRA-LT-${number}`,
    username,
    name: `Kiểm Tra Liên Thông ${number}`,
    email: `${username}@${address?.split('@')[1] ?? 'example.gov.vn'}`,
    phone: '0912000111',
    gender: 'female',
    birthDate: '1980-12-31',
    ...unitsOf(sample)[0],
    title: 'Chuyên viên',
    rank: '01.003',
    grade: 1,
    coefficient: 234,
    coefficientFrom: '2020-01-01',
    awards: ['Lao động tiên tiến'],
  };
};

const adopt = (account: AppAccount, number: number, sample: AppAccount[]): DesiredAccount => ({
  ...invent(number, sample),
  ...account.values,
  code: account.values.code ?? account.externalId,
  externalId: account.externalId,
  enabled: true,
});

/**
 * Test people for an app: invented where the hub may create accounts, else the first two of `sample` (an app
 * that creates nobody can only be tried with people it has). `given` overrides values of the first and second.
 */
export const makeTestPeople = (
  sample: AppAccount[],
  createsAccounts: boolean,
  given: Partial<DesiredAccount>[] = [],
): TestPeople => {
  const make = (index: number): DesiredAccount => {
    const account = sample[index];
    const person =
      createsAccounts || account === undefined
        ? invent(index + 1, sample)
        : adopt(account, index + 1, sample);
    return { ...person, ...given[index] };
  };
  return {
    first: make(0),
    second: make(1),
    changed: person => ({
      ...withUsername(person, `${person.username}.b`),
      code: createsAccounts ? `${person.code}-B` : person.code,
      name: 'Kiểm Tra Đổi Tên',
      phone: '0912000222',
      gender: 'male',
      birthDate: '1981-01-02',
      ...unitsOf(sample)[1],
      title: 'Phó Giám đốc',
      rank: '01.002',
      grade: 16,
      coefficient: 1005,
      coefficientFrom: '2024-02-29',
      awards: ['Chiến sĩ thi đua cơ sở', 'Lao động tiên tiến'],
    }),
    hostile: person => ({ ...person, name: longName, title: text, awards: [text, 'Bằng khen'] }),
  };
};

/** A name that mixes Vietnamese letters with what XML, JSON, LDAP and SQL treat as their own. */
export const hostileText = text;
