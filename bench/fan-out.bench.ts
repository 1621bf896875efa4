import { setTimeout as pause } from 'node:timers/promises';
import { makeDataDir, removeDataDir, startBenchHub } from '#bench/support/bench-hub.ts';
import { countOpen, isRead, makeChanges, pushChanges } from '#bench/support/change-people.ts';
import { type Figure, figure, round } from '#bench/support/figure.ts';
import { openSettings } from '#bench/support/open-settings.ts';
import { loadConnector } from '#connectors/kit/load-connector.ts';
import type { AccountsPort } from '#connectors/kit/ports.ts';
import type { DesiredAccount } from '#schemas/account.ts';

const staff = 3000;
/** Calls in flight per app, on both sides. The default of 8 is meant for old servers, not for a measurement. */
const concurrency = 16;
const apps = ['operations-page', 'document-system', 'directives', 'portal', 'mail'] as const;

/** Runs `work` over items with a fixed number at a time. */
const inParallel = async <T>(
  items: T[],
  width: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> => {
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < items.length) await work(items[next++]!);
    }),
  );
};

/** Everything that an app lists, as the accounts to write back with another telephone number. */
const accountsOf = async (port: AccountsPort, kept: Set<string>): Promise<DesiredAccount[]> => {
  const signal = new AbortController().signal;
  const found: DesiredAccount[] = [];
  let cursor: string | undefined;
  do {
    const page = await port.list({ limit: 500, ...(cursor === undefined ? {} : { cursor }) }, { signal });
    for (const { externalId, values } of page.items)
      found.push({
        staffId: '00000000-0000-4000-8000-000000000000',
        externalId,
        enabled: true,
        ...Object.fromEntries(Object.entries(values).filter(([name]) => kept.has(name))),
        phone: `+845499${String(found.length).padStart(5, '0')}`,
      } as DesiredAccount);
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
};

/** The same clients in a bare loop: no database, no queue, no guard; the same concurrency, accounts known by id. */
const bareLoop = async (dataDir: string, count: number): Promise<number> => {
  const settings = openSettings(dataDir);
  const signal = new AbortController().signal;
  const loaded = await Promise.all(
    apps.map(async id => {
      const { manifest, instance } = await loadConnector(id, settings[id]!, {});
      const port = instance.ports.accounts!;
      const accounts = (await accountsOf(port, new Set(manifest.accountAttributes))).slice(0, count);
      return { instance, port, accounts };
    }),
  );
  const began = performance.now();
  await Promise.all(
    loaded.map(({ port, accounts }) =>
      // A few accounts of the sandbox clash with others by design: their refusal costs a call all the same.
      inParallel(accounts, concurrency, account => port.upsert(account, { signal }).catch(() => {})),
    ),
  );
  const seconds = (performance.now() - began) / 1000;
  await Promise.all(loaded.map(({ instance }) => instance.close?.()));
  return seconds;
};

/** Changes a second through the hub to the apps, against the same clients in a bare loop in the same run. */
export const run = async (count: number): Promise<Figure[]> => {
  const dataDir = makeDataDir();
  const hub = await startBenchHub({ dataDir, staff });
  try {
    const token = await hub.token();
    for (const app of [...apps, 'hr'])
      await fetch(`${hub.origin}/api/v1/apps/${app}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ guard: { concurrency } }),
      });
    // Warm the hub; the bare loop warms itself in its first calls.
    await pushChanges(hub, token, makeChanges(staff, 200, 1));
    while (!(await isRead(hub)) || (await countOpen(hub)) > 0) await pause(200);
    const began = performance.now();
    const changes = makeChanges(staff, Math.min(count, 2900), 2);
    for (let at = 0; at < changes.length; at += 500)
      await pushChanges(hub, token, changes.slice(at, at + 500));
    while (!(await isRead(hub)) || (await countOpen(hub)) > 0) await pause(200);
    const seconds = (performance.now() - began) / 1000;
    const bare = await bareLoop(dataDir, changes.length);
    const share = (bare / seconds) * 100;
    return [
      figure(
        `fan-out of ${changes.length} changes to all apps, register included`,
        `${round(changes.length / seconds, 0)} changes/s (${round(seconds)} s)`,
        '',
        true,
      ),
      figure(
        'the same clients in a bare loop',
        `${round(changes.length / bare, 0)} changes/s (${round(bare)} s)`,
        '',
        true,
      ),
      figure('share of the bare loop', `${round(share, 0)} %`, '≥ 50 %', share >= 50),
    ];
  } finally {
    await hub.stop();
    removeDataDir(dataDir);
  }
};
