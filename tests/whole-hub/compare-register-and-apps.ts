import type { StaffAccount } from '#schemas/provisioning.ts';
import type { Staff } from '#schemas/staff.ts';
import type { Client, HeldAccount } from './call-hub.ts';

/** What of a person each app holds and is compared; `enabled` is compared everywhere. */
const compared: Record<string, readonly (keyof Staff)[]> = {
  'operations-page': [
    ...(['username', 'name', 'email', 'phone', 'gender', 'birthDate'] as const),
    ...(['unitCode', 'unitName', 'title', 'rank', 'grade', 'coefficient', 'coefficientFrom'] as const),
  ],
  'document-system': ['username', 'name', 'email', 'phone', 'gender', 'birthDate', 'unitName', 'title'],
  directives: ['username', 'name', 'email', 'phone', 'unitCode', 'unitName', 'title'],
  portal: ['username', 'name', 'email', 'phone', 'unitCode', 'unitName', 'title'],
  mail: ['username', 'name', 'email', 'phone', 'unitCode', 'unitName', 'title'],
  hr: ['username', 'name', 'email'],
};

/** Everybody in the register, read page by page. */
export const readRegister = async (hub: Client): Promise<Staff[]> => {
  const people: Staff[] = [];
  for (let next: string | undefined = ''; next !== undefined; ) {
    const query: string = next === '' ? '' : `&cursor=${next}`;
    const page = await hub.get<{ items: Staff[]; next?: string }>(`/api/v1/staff?limit=500${query}`);
    people.push(...page.items);
    next = page.next;
  }
  return people;
};

const compareAccount = (app: string, person: Staff, held: HeldAccount[]): string[] => {
  const at = `${app} ${person.code}`;
  const [account] = held;
  // People who did not come from the HR software have no file there.
  if (account === undefined) return person.status === 'left' || app === 'hr' ? [] : [`${at}: no account`];
  if (held.length > 1) return [`${at}: ${held.length} accounts`];
  const wanted = person.status === 'active';
  if (app !== 'hr' && account.enabled !== wanted) return [`${at}: enabled is ${account.enabled}`];
  // What is closed is let be until the person returns.
  if (!wanted) return [];
  return compared[app]!.filter(name => (account[name] ?? null) !== (person[name] ?? null)).map(
    name => `${at}: ${name} is ${JSON.stringify(account[name])}, not ${JSON.stringify(person[name])}`,
  );
};

/**
 * Compares the register with what every app holds, person by person, and the accounts of nobody: one sentence
 * for each difference, in no particular order. Nothing is asked of the hub's own bookkeeping.
 */
export const compareRegisterAndApps = async (
  hub: Client,
  apps: readonly string[] = Object.keys(compared),
): Promise<string[]> => {
  const people = await readRegister(hub);
  const differences: string[] = [];
  const codes = new Set(people.map(person => person.code));
  if (codes.size < people.length) differences.push('a staff code is there twice');
  for (const app of apps) {
    const byCode = Map.groupBy(await hub.holds(app), account => account.code);
    for (const person of people)
      differences.push(...compareAccount(app, person, byCode.get(person.code) ?? []));
    for (const [code, accounts] of byCode)
      if (!codes.has(code))
        differences.push(...accounts.map(account => `${app} ${account.externalId}: of nobody`));
  }
  return differences;
};

/**
 * Compares what the hub itself says of people's accounts with what the apps hold of them: the same account, open
 * or closed alike, nothing still on its way. One sentence for each difference.
 */
export const compareLinks = async (hub: Client, codes: readonly string[]): Promise<string[]> => {
  const idOf = new Map((await readRegister(hub)).map(person => [person.code, person.id]));
  const differences: string[] = [];
  const told = new Map<string, StaffAccount[]>();
  for (const code of codes) {
    const path = `/api/v1/staff/${idOf.get(code)}/accounts`;
    told.set(code, (await hub.get<{ items: StaffAccount[] }>(path)).items);
  }
  for (const app of Object.keys(compared)) {
    const held = new Map((await hub.holds(app)).map(account => [account.code, account]));
    for (const [code, accounts] of told) {
      const link = accounts.find(account => account.app === app);
      const account = held.get(code);
      if (link?.externalId !== account?.externalId || link?.enabled !== account?.enabled)
        differences.push(`${app} ${code}: the hub says ${link?.externalId}, the app ${account?.externalId}`);
      if (link?.task !== undefined && link.task.state !== 'done')
        differences.push(`${app} ${code}: still ${link.task.state}`);
    }
  }
  return differences;
};
