import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseFreePort } from './call-hub.ts';
import { compareRegisterAndApps } from './compare-register-and-apps.ts';
import { runHub, stopAllHubs } from './run-hub.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';

describe('try', () => {
  after(stopAllHubs);
  it('runs', async () => {
    const plan = { dataDir: await mkdtemp(join(tmpdir(), 'lt-whole-')), port: await chooseFreePort() };
    let t = performance.now();
    const lap = (w: string) => { console.log(w, Math.round(performance.now() - t)); t = performance.now(); };
    const hub = await runHub(plan);
    lap('started');
    const planted = new Set(await compareRegisterAndApps(hub));
    lap('compared');
    console.log([...planted]);
    const news = async () => (await compareRegisterAndApps(hub)).filter(d => !planted.has(d));
    for (const kind of ['move', 'raise', 'leave', 'hire', 'correct']) {
      const { cursor } = await hub.act({ action: 'many', kind, count: 30 });
      await waitUntil('pulled', async () => (await hub.get<any>('/api/v1/staff?limit=1'), true), { withinMs: 1000 });
      await waitUntil('eq', async () => { const n = await news(); return n.length === 0; }, { withinMs: 5000, everyMs: 200 }).catch(() => {});
      lap(kind + cursor);
      console.log((await news()).slice(0, 10));
    }
    await hub.kill(); lap('killed');
    const two = await runHub(plan); lap('again');
    console.log((await compareRegisterAndApps(two)).filter(d => !planted.has(d)));
    console.log(await two.interrupt()); lap('stopped');
  });
});
