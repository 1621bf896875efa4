import assert from 'node:assert/strict';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import { ConnectorError, type ConnectorErrorCode } from '#connectors/kit/errors.ts';
import type { AccountsPort } from '#connectors/kit/ports.ts';
import {
  type AccountAttribute,
  AppAccount,
  accountAttributes,
  type DesiredAccount,
} from '#schemas/account.ts';
import type { ConnectorManifest } from '#schemas/connector.ts';
import { isExempt } from './contract-check.ts';
import type { TestPeople } from './test-people.ts';

type WithoutContext<P> = {
  [M in keyof P]: P[M] extends (input: infer I, context: never) => infer R ? (input: I) => R : never;
};
/** The accounts port with the context already handed in. */
export type BoundAccounts = WithoutContext<AccountsPort>;

export interface AccountsSubject {
  manifest: ConnectorManifest;
  accounts: BoundAccounts;
  people: TestPeople;
  /** How many accounts a page of the complete listing asks for. */
  pageSize: number;
}

/** An account is told in the hub's shape. */
export const checkAccount = checkAnswer(AppAccount);

/** The attributes of the manifest, without those that `quality` exempts (`accounts.update.<attribute>`). */
export const attributesOf = (manifest: ConnectorManifest): AccountAttribute[] =>
  accountAttributes.filter(
    name =>
      manifest.accountAttributes?.includes(name) &&
      !isExempt(manifest, `accounts.update.${name}`) &&
      // Where the hub creates nobody, the code is the app's own.
      !(name === 'code' && manifest.createsAccounts !== true),
  );

/** The account is told soundly and has those of the named attributes that are wanted. */
export const holds = (
  account: AppAccount | undefined,
  wanted: DesiredAccount,
  names: AccountAttribute[],
): void => {
  assert.ok(account, 'the account is there');
  checkAccount(account);
  const present = names.filter(name => wanted[name] !== undefined);
  const pick = (values: Partial<DesiredAccount>) =>
    Object.fromEntries(present.map(name => [name, values[name]]));
  assert.deepEqual(pick(account.values), pick(wanted));
  assert.equal(account.enabled, wanted.enabled);
};

/** The call fails with this kit error. */
export const failsWith = (code: ConnectorErrorCode, work: Promise<unknown>): Promise<void> =>
  assert.rejects(work, error => {
    assert.ok(error instanceof ConnectorError, `a kit error, not ${String(error)}`);
    assert.equal(error.code, code, error.message);
    return true;
  });

/** Every account, page by page. */
export const listAll = async ({ accounts, pageSize }: AccountsSubject): Promise<AppAccount[]> => {
  const all: AppAccount[] = [];
  let cursor: string | undefined;
  do {
    const page = await accounts.list({ limit: pageSize, ...(cursor === undefined ? {} : { cursor }) });
    assert.notEqual(page.next, cursor ?? '', 'the cursor moves on');
    all.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return all;
};
