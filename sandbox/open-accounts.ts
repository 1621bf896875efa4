import { randomBytes } from 'node:crypto';
import type { Call } from '#schemas/calls.ts';
import type { StaffRole } from '#schemas/sign-on.ts';
import type { Staff } from '#schemas/staff.ts';

/** Somebody of the sandbox province whose password is told. */
export interface OpenAccount {
  username: string;
  password: string;
  role: string;
}

/** Who is played, by the first of these posts that somebody holds; everybody else activates their account. */
const parts: { role: string; titles: RegExp; roles: StaffRole[] }[] = [
  { role: 'it-centre', titles: /chuyên viên|viên chức/i, roles: ['it-centre'] },
  { role: 'leader', titles: /giám đốc|chủ tịch/i, roles: ['internet'] },
  { role: 'clerk', titles: /văn thư/i, roles: ['clerk'] },
  { role: 'specialist', titles: /chuyên viên/i, roles: [] },
  { role: 'deputy', titles: /phó (giám đốc|chủ tịch)/i, roles: ['internet'] },
];

/** Good by the rules of passwords, and another in every sandbox. */
const makePassword = (): string => `Hue-${randomBytes(6).toString('base64url')}-9`;

const pick = (people: Staff[], titles: RegExp, taken: Set<string>): Staff | undefined => {
  const free = people.filter(({ id }) => !taken.has(id));
  return free.find(({ title }) => title !== undefined && titles.test(title)) ?? free[0];
};

/** Gives a few people of the province passwords and roles, so that a new user can sign in at once. */
export const openAccounts = async (call: Call): Promise<{ admin: OpenAccount; staff: OpenAccount[] }> => {
  const { items } = await call('staff.search', { status: 'active', limit: 500 });
  const taken = new Set<string>();
  const opened: OpenAccount[] = [];
  for (const { role, titles, roles } of parts) {
    const person = pick(items, titles, taken);
    if (person === undefined) break;
    taken.add(person.id);
    const password = makePassword();
    await call('sso.set-password', { staffId: person.id, password, actor: 'sandbox' });
    await call('sso.set-roles', { staffId: person.id, roles, actor: 'sandbox' });
    opened.push({ username: person.username, password, role });
  }
  const [admin, ...staff] = opened;
  return { admin: admin!, staff };
};
