import type { SandboxAccount } from './sandbox-account.ts';

/** A few plain accounts to start an app with where the whole province would be too much. */
export const contractAccounts = (count: number): SandboxAccount[] =>
  Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(3, '0');
    return {
      externalId: `${1000 + index}`,
      enabled: index % 10 !== 9,
      code: `H57.${number}`,
      username: `canbo.${number}`,
      name: index % 2 === 0 ? `Nguyễn Thị Ánh ${number}` : `Lê Đức ${number}`,
      email: `canbo.${number}@hue.gov.vn`,
      phone: `0234${number}0000`,
      gender: index % 2 === 0 ? 'female' : 'male',
      birthDate: `19${70 + (index % 30)}-0${1 + (index % 9)}-15`,
      unitCode: index % 2 === 0 ? 'H57.01' : 'H57.02',
      unitName: index % 2 === 0 ? 'Sở Nội vụ' : 'Sở Tài chính',
      title: 'Chuyên viên',
      rank: '01.003',
      grade: 1 + (index % 9),
      coefficient: 234 + 33 * (index % 9),
      coefficientFrom: '2023-03-01',
      awards: index % 3 === 0 ? ['Lao động tiên tiến'] : [],
    };
  });
