import type { AppAccount, DesiredAccount } from '#schemas/account.ts';
import type { ConnectorManifest } from '#schemas/connector.ts';
import type { CheckLine } from './check-connector.ts';
import { accountsContract } from './contract/accounts-contract.ts';
import type { BoundAccounts } from './contract/accounts-subject.ts';
import { checksFor } from './contract/contract-check.ts';
import { makeTestPeople } from './contract/test-people.ts';
import { ConnectorError } from './errors.ts';
import type { Guard } from './guard.ts';
import type { AccountsPort, CallContext } from './ports.ts';

/** Each call has its turn and its timeout, and fails with a kit error. */
const bind = (port: AccountsPort, guard: Guard): BoundAccounts => {
  const run = <T>(work: (context: CallContext) => Promise<T>) => guard.run(signal => work({ signal }));
  return {
    list: page => run(context => port.list(page, context)),
    get: externalId => run(context => port.get(externalId, context)),
    upsert: account => run(context => port.upsert(account, context)),
    disable: account => run(context => port.disable(account, context)),
  };
};

/**
 * The whole accounts contract on two test people of a real app. They are invented (codes `KIEMTRA-LT-…`) where
 * the hub may create accounts, and closed at the end; an app that creates nobody needs two people in `given`
 * (each with `externalId`), whose values are put back at the end. Throws a kit error when it cannot begin.
 */
export const checkByWriting = async (
  port: AccountsPort,
  guard: Guard,
  manifest: ConnectorManifest,
  given: Partial<DesiredAccount>[],
): Promise<CheckLine[]> => {
  const accounts = bind(port, guard);
  const creates = manifest.createsAccounts === true;
  const sample: AppAccount[] = [];
  if (creates) sample.push(...(await accounts.list({ limit: 50 })).items);
  else
    for (const { externalId } of given) {
      const account = externalId === undefined ? undefined : await accounts.get(externalId);
      if (account !== undefined) sample.push(account);
    }
  if (!creates && sample.length < 2)
    throw new ConnectorError('not-found', 'this app creates nobody: name two of its people to write to');
  const people = makeTestPeople(sample, creates, given);
  const lines: CheckLine[] = [];
  for (const check of checksFor(accountsContract, manifest)) {
    const started = performance.now();
    const line = { step: check.id, ok: true, detail: '', durationMs: 0 };
    try {
      await check.run({ manifest, accounts, people, pageSize: 200 });
      lines.push({ ...line, durationMs: Math.round(performance.now() - started) });
    } catch (error) {
      const code = error instanceof ConnectorError ? { code: error.code } : {};
      // The comparison of values is shown for invented people only.
      const [first] = (error as Error).message.split('\n');
      const detail = `${check.title}: ${creates ? (error as Error).message : first}`;
      lines.push({
        ...line,
        ok: false,
        ...code,
        detail,
        durationMs: Math.round(performance.now() - started),
      });
    }
  }
  for (const [index, person] of [people.first, people.second].entries()) {
    const enabled = creates ? false : (sample[index]?.enabled ?? true);
    await accounts.upsert({ ...person, enabled }).catch(() => undefined);
  }
  return lines;
};
