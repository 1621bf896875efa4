import { fork } from 'node:child_process';
import { loadConnector } from '#connectors/kit/load-connector.ts';
const id = process.argv[2]!;
if (process.argv[3] === 'serve') {
  const { startForContract } = await import(`#sandbox/${id}/for-contract.ts`);
  const s = await startForContract();
  if (id === 'hr') { const r = await fetch(s.app.origin + '/_actions', { method: 'POST', body: '{"action":"many","kind":"hire","count":30000}' }); await r.text(); }
  process.send!(s.settings);
} else {
  const child = fork(import.meta.filename, [id, 'serve']);
  const settings = await new Promise<Record<string, unknown>>(r => child.once('message', m => r(m as never)));
  const { instance } = await loadConnector(id, settings);
  const ctx = { signal: AbortSignal.timeout(60000) };
  const p = instance.ports.accounts!;
  const { items } = await p.list({ limit: 20 }, ctx);
  const a = items.map(i => ({ staffId: 'x', enabled: true, externalId: i.externalId, code: i.values.code!, username: i.values.username ?? 'u' + i.externalId, name: 'Nguyễn Thị Ánh', email: i.values.email }));
  for (const [name, n, f] of [['get', 3000, (k: number) => p.get(items[k % 20]!.externalId, ctx)], ['upsert', 3000, (k: number) => p.upsert(a[k % 20] as never, ctx)]] as const) {
    for (let i = 0; i < 300; i++) await f(i);
    const t = performance.now(); let k = 0;
    await Promise.all(Array.from({ length: 8 }, async () => { while (k < n) await f(k++); }));
    console.log(id, name, Math.round(n / ((performance.now() - t) / 1000)), 'calls/s');
  }
  if (id === 'hr') {
    const t = performance.now(); let after: string | undefined; let n = 0;
    for (;;) { const r = await instance.ports.hrSource!.pull({ ...(after ? { after } : {}), limit: 500 }, ctx); n += r.changes.length; after = r.cursor; if (!r.more) break; }
    console.log('pull', n, 'changes', Math.round(performance.now() - t), 'ms');
  }
  child.kill();
  process.exit(0);
}
