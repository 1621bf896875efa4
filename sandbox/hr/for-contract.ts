import { serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';
import type { StartForContract } from '#sandbox/kit/started-for-contract.ts';
import { createHrApp, servicePath } from './hr.ts';
import type { HrPerson } from './hr-person.ts';

/** One in five has only a year of birth, one in four a second post, one in seven no account yet. */
const toPerson = (account: SandboxAccount, index: number): HrPerson => ({
  code: account.code,
  citizenNumber: `0460${String(70 + index)}${String(100_000 + index)}`,
  name: account.name,
  birthDate: index % 5 === 4 ? '1975' : (account.birthDate ?? '1975'),
  gender: account.gender === 'male' ? 'male' : 'female',
  phone: account.phone,
  ...(index % 7 === 6 ? {} : { account: account.username, email: account.email }),
  unitCode: account.unitCode ?? 'H57.01',
  title: account.title ?? 'Chuyên viên',
  positions: index % 4 === 3 ? [{ unitCode: 'H57.03', title: 'Ủy viên kiêm nhiệm', from: '2020-05-01' }] : [],
  rank: account.rank ?? '01.003',
  grade: account.grade ?? 1,
  coefficient: account.coefficient ?? 234,
  coefficientFrom: account.coefficientFrom ?? '2023-03-01',
  awards: (account.awards ?? []).map(title => ({ title, year: 2022 })),
  disciplines: [],
  status: account.enabled ? 'active' : 'left',
  statusFrom: '2015-09-01',
});

export const startForContract: StartForContract = async () => {
  const credentials = { apiKey: 'khoa-truy-cap-cua-truc-lien-thong' };
  const hr = createHrApp({ people: contractAccounts(25).map(toPerson), credentials });
  const app = await serveApp(hr);
  return {
    app,
    settings: { endpoint: `${app.origin}${servicePath}`, ...credentials },
    change: async () => hr.act?.({ action: 'promote' }),
  };
};
