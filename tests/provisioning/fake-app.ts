import { randomUUID } from 'node:crypto';
import type { ConnectorInstance } from '#connectors/kit/define-connector.ts';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { createGuard } from '#connectors/kit/guard.ts';
import { runPort } from '#connectors/kit/run-port.ts';
import type { AppAccount, DesiredAccount } from '#schemas/account.ts';
import type { App } from '#schemas/app.ts';
import type { InvokeAnswer } from '#schemas/commands/connectors.ts';
import type { ConnectorState, GuardSettings } from '#schemas/connector.ts';

/** One call that reached the app. */
export interface AppCall {
  method: 'upsert' | 'disable' | 'list';
  staffId?: string;
  externalId?: string;
  account?: DesiredAccount;
}

/** An app as the contract of the accounts port wants it, behind a real guard, that can be told to fail. */
export interface FakeApp {
  app: App;
  accounts: Map<string, AppAccount>;
  calls: AppCall[];
  /** Runs before the app does anything; what it throws is the app's answer. */
  before: (call: AppCall) => void | Promise<void>;
  /** Runs after the effect and before the answer: what it throws loses the answer. */
  afterEffect: (call: AppCall) => void | Promise<void>;
  /** The most calls for one person that were under way at the same time. */
  mostAtOnce(): number;
  state: ConnectorState;
  invoke(port: string, method: string, input: unknown[]): Promise<InvokeAnswer>;
}

const isEmpty = (value: unknown): boolean => value === null || String(value) === '';

const attributes = ['code', 'username', 'name', 'email', 'phone', 'unitCode', 'unitName', 'title'];

export const createFakeApp = (
  id: string,
  options: {
    app?: Partial<App>;
    guard?: Partial<GuardSettings>;
    createsAccounts?: boolean;
    /** Another node's connector to the same app: the same accounts, its own guard. */
    sharing?: FakeApp;
  } = {},
): FakeApp => {
  const guardSettings: GuardSettings = {
    timeoutMs: 2000,
    concurrency: 8,
    perSecond: 10_000,
    maxBytes: 1_000_000,
    breakAfter: 5,
    breakMs: 300,
    ...options.guard,
  };
  const guard = createGuard(guardSettings);
  const accounts = options.sharing?.accounts ?? new Map<string, AppAccount>();
  const calls = options.sharing?.calls ?? [];
  const underWay = new Map<string, number>();
  let most = 0;

  const find = (account: { externalId?: string; code?: string }): AppAccount | undefined =>
    account.externalId === undefined
      ? [...accounts.values()].find(one => one.values.code === account.code)
      : accounts.get(account.externalId);

  const around = async <T>(call: AppCall, effect: () => T): Promise<T> => {
    calls.push(call);
    const key = call.staffId ?? call.externalId ?? '';
    underWay.set(key, (underWay.get(key) ?? 0) + 1);
    if (call.staffId !== undefined) most = Math.max(most, underWay.get(key)!);
    try {
      await fake.before(call);
      const result = effect();
      await fake.afterEffect(call);
      return result;
    } finally {
      underWay.set(key, underWay.get(key)! - 1);
    }
  };

  const upsert = (account: DesiredAccount): AppAccount => {
    const { staffId: _staffId, externalId: _externalId, enabled, ...values } = account;
    let found = find(account);
    const taken = [...accounts.values()].some(
      one => one !== found && one.values.username === account.username,
    );
    if (taken) throw new ConnectorError('conflict', 'the user name is taken');
    if (found === undefined) {
      if (account.externalId !== undefined || options.createsAccounts === false)
        throw new ConnectorError('not-found', 'no such account');
      found = { externalId: `${id}-${randomUUID()}`, enabled, values };
    }
    const kept = Object.entries({ ...found.values, ...values });
    const written = {
      ...found,
      enabled,
      values: Object.fromEntries(kept.filter(([, value]) => !isEmpty(value))),
    };
    accounts.set(found.externalId, written);
    return written;
  };

  const instance: ConnectorInstance = {
    ping: async () => {},
    ports: {
      accounts: {
        list: ({ cursor, limit }) =>
          around({ method: 'list' }, () => {
            const from = Number(cursor ?? 0);
            const items = [...accounts.values()].slice(from, from + limit);
            return from + limit < accounts.size ? { items, next: String(from + limit) } : { items };
          }),
        get: async externalId => accounts.get(externalId),
        upsert: account =>
          around({ method: 'upsert', staffId: account.staffId, account }, () => upsert(account)),
        disable: ({ externalId }) =>
          around({ method: 'disable', externalId }, () => {
            const found = accounts.get(externalId);
            if (found === undefined) throw new ConnectorError('not-found', 'no such account');
            const closed = { ...found, enabled: false };
            accounts.set(externalId, closed);
            return closed;
          }),
      },
    },
  };

  const fake: FakeApp = {
    app: {
      id,
      name: id,
      owner: 'test',
      connector: id,
      enabled: true,
      entitlement: { purpose: 'test', attributes: ['email', 'phone', 'unitId', 'title'] },
      mapping: {},
      guard: guardSettings,
      disableGuard: { maxAccounts: 50, maxPercent: 5 },
      settings: {},
      ...options.app,
    },
    accounts,
    calls,
    before: call => options.sharing?.before(call),
    afterEffect: call => options.sharing?.afterEffect(call),
    mostAtOnce: () => most,
    state: {
      id,
      name: { vi: id, en: id },
      ports: ['accounts'],
      node: 'test',
      breaker: 'closed',
      inFlight: 0,
      accountAttributes: attributes,
      createsAccounts: options.createsAccounts ?? true,
    },
    invoke: (port, method, input) => runPort(instance, guard, port, method, input),
  };
  return fake;
};
