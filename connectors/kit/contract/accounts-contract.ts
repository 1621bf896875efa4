import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type AccountAttribute, type DesiredAccount, emptyValue, keyAttributes } from '#schemas/account.ts';
import type { ConnectorManifest } from '#schemas/connector.ts';
import {
  type AccountsSubject,
  attributesOf,
  checkAccount,
  failsWith,
  holds,
  listAll,
} from './accounts-subject.ts';
import { type ContractCheck, isExempt } from './contract-check.ts';
import { hostileText } from './test-people.ts';

const createsAccounts = (manifest: ConnectorManifest): boolean => manifest.createsAccounts === true;
const keepsUsername = (manifest: ConnectorManifest): boolean => attributesOf(manifest).includes('username');

/** What the accounts port promises (see `ports.ts`), in an order that begins with a person who is not there yet. */
export const accountsContract: ContractCheck<AccountsSubject>[] = [
  {
    id: 'accounts.at-once',
    title: 'makes one account of two upserts at once',
    async run({ accounts, people: { first }, manifest }) {
      const [one, two] = await Promise.all([accounts.upsert(first), accounts.upsert(first)]);
      assert.equal(one.externalId, two.externalId);
      holds(await accounts.get(one.externalId), first, attributesOf(manifest));
    },
  },
  {
    id: 'accounts.idempotent',
    title: 'answers the same to the same upsert and makes no second account',
    async run(subject) {
      const { accounts, people } = subject;
      const one = await accounts.upsert(people.first);
      const before = await listAll(subject);
      assert.deepEqual(await accounts.upsert(people.first), one);
      assert.deepEqual(await accounts.upsert({ ...people.first, externalId: one.externalId }), one);
      assert.equal((await listAll(subject)).length, before.length);
    },
  },
  {
    id: 'accounts.list',
    title: 'lists every account exactly once, in pages of any size, as get tells it',
    async run(subject) {
      const { accounts, people } = subject;
      const known = await accounts.upsert(people.first);
      const all = await listAll(subject);
      assert.equal(new Set(all.map(account => account.externalId)).size, all.length, 'nobody twice');
      for (const account of all) checkAccount(account);
      const listed = all.find(account => account.externalId === known.externalId);
      assert.deepEqual(listed, await accounts.get(known.externalId));
      const large = await accounts.list({ limit: 100_000 });
      assert.deepEqual(large.items[0], all[0]);
    },
  },
  {
    id: 'accounts.update',
    title: 'updates each attribute of its manifest alone and reads it back equal',
    async run({ accounts, people, manifest }) {
      const names = attributesOf(manifest);
      const base = people.first;
      const { externalId } = await accounts.upsert(base);
      const changed = people.changed(base);
      for (const name of names) {
        const group: AccountAttribute[] = ['username', 'email'].includes(name)
          ? ['username', 'email']
          : [name];
        const wanted: DesiredAccount = { ...base, externalId };
        for (const one of group) Object.assign(wanted, { [one]: changed[one] });
        try {
          holds(await accounts.upsert(wanted), wanted, names);
          holds(await accounts.get(externalId), wanted, names);
        } finally {
          await accounts.upsert({ ...base, externalId });
        }
      }
      holds(await accounts.get(externalId), base, names);
    },
  },
  {
    id: 'accounts.text',
    title: 'keeps Vietnamese letters, apostrophes, <>&" and very long names as they are',
    async run({ accounts, people, manifest }) {
      const names = attributesOf(manifest);
      const { externalId } = await accounts.upsert(people.first);
      for (const wanted of [
        people.hostile(people.first),
        { ...people.hostile(people.first), name: hostileText },
      ]) {
        holds(await accounts.upsert({ ...wanted, externalId }), wanted, names);
        holds(await accounts.get(externalId), wanted, names);
      }
      await accounts.upsert({ ...people.first, externalId });
    },
  },
  {
    id: 'accounts.absent',
    title: 'leaves an attribute that is not handed in as it was',
    async run({ accounts, people, manifest }) {
      const names = attributesOf(manifest);
      const { externalId } = await accounts.upsert(people.first);
      const { staffId, enabled, code, username, name } = people.first;
      await accounts.upsert({ externalId, staffId, enabled, code, username, name });
      holds(await accounts.get(externalId), people.first, names);
    },
  },
  {
    id: 'accounts.empty',
    title: 'empties an attribute that is handed in empty, and no other',
    async run({ accounts, people: { first }, manifest }) {
      const names = attributesOf(manifest);
      const { externalId } = await accounts.upsert(first);
      for (const name of names) {
        if (keyAttributes.includes(name) || isExempt(manifest, `accounts.empty.${name}`)) continue;
        const empty: DesiredAccount = { ...first, externalId, [name]: emptyValue(name) };
        try {
          for (const told of [await accounts.upsert(empty), await accounts.get(externalId)]) {
            holds(told, first, without(names, name));
            assert.equal(String(told?.values[name] ?? ''), '', `${name} is empty`);
          }
        } finally {
          await accounts.upsert({ ...first, externalId });
        }
      }
    },
  },
  {
    id: 'accounts.undeclared',
    title: 'tells no attribute that its manifest does not name',
    async run({ accounts, people, manifest }) {
      const { externalId } = await accounts.upsert(people.first);
      const told = await accounts.get(externalId);
      const known = ['code', 'extra', ...(manifest.accountAttributes ?? [])];
      assert.deepEqual(
        Object.keys(told?.values ?? {}).filter(name => !known.includes(name)),
        [],
      );
    },
  },
  {
    id: 'accounts.by-code',
    title: 'finds by staff code an account whose id is not known or not there any more',
    async run({ accounts, people, manifest }) {
      const { externalId } = await accounts.upsert(people.first);
      const { externalId: _known, ...byCode } = people.first;
      assert.equal((await accounts.upsert(byCode)).externalId, externalId);
      const moved = await accounts.upsert({ ...people.first, externalId: unknownId() });
      assert.equal(moved.externalId, externalId);
      holds(moved, people.first, attributesOf(manifest));
    },
  },
  {
    id: 'accounts.disable',
    title: 'closes an account, closes it again without complaint, and keeps it',
    async run({ accounts, people }) {
      const { externalId } = await accounts.upsert(people.first);
      assert.equal((await accounts.disable({ externalId })).enabled, false);
      const again = await accounts.disable({ externalId, code: people.first.code });
      assert.deepEqual([again.externalId, again.enabled], [externalId, false]);
      assert.equal((await accounts.get(externalId))?.enabled, false);
    },
  },
  {
    id: 'accounts.return',
    title: 'opens a closed account again by upsert, and closes by upsert',
    async run({ accounts, people, manifest }) {
      const { externalId } = await accounts.upsert(people.first);
      await accounts.disable({ externalId });
      const back = await accounts.upsert({ ...people.first, externalId });
      assert.equal(back.externalId, externalId);
      holds(await accounts.get(externalId), people.first, attributesOf(manifest));
      await accounts.upsert({ ...people.first, externalId, enabled: false });
      assert.equal((await accounts.get(externalId))?.enabled, false);
      await accounts.upsert({ ...people.first, externalId });
    },
  },
  {
    id: 'accounts.unknown',
    title: 'gets undefined for an unknown id and refuses to close it with not-found',
    async run({ accounts }) {
      assert.equal(await accounts.get(unknownId()), undefined);
      await failsWith('not-found', accounts.disable({ externalId: unknownId() }));
      await failsWith('not-found', accounts.disable({ externalId: unknownId(), code: 'KIEMTRA-KHONG-CO' }));
    },
  },
  {
    id: 'accounts.conflict',
    title: 'says conflict when somebody else holds the user name, and changes nothing',
    applies: keepsUsername,
    async run({ accounts, people: { first, second }, manifest }) {
      await accounts.upsert(first);
      const { externalId } = await accounts.upsert(second);
      const { username, email } = first;
      await failsWith('conflict', accounts.upsert({ ...second, externalId, username, email }));
      assert.equal((await accounts.get(externalId))?.values.username, second.username);
      if (createsAccounts(manifest))
        await failsWith(
          'conflict',
          accounts.upsert({ ...first, code: `KIEMTRA-${randomUUID().slice(0, 8)}` }),
        );
    },
  },
  {
    id: 'accounts.no-create',
    title: 'says not-found for a person whom the app does not have: it creates nobody',
    applies: manifest => !createsAccounts(manifest),
    async run({ accounts, people: { first } }) {
      const { externalId: _known, ...person } = first;
      await failsWith(
        'not-found',
        accounts.upsert({ ...person, code: 'KIEMTRA-KHONG-CO', username: 'kiemtra.khong.co' }),
      );
    },
  },
];

const without = <T>(list: readonly T[], one: T): T[] => list.filter(each => each !== one);

/** An id that no app has; digits, because many apps take nothing else. */
const unknownId = (): string => '987654321';
