import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startingAccounts, makeProvince } from '#sandbox/province/make-province.ts';
import { fix, reconcile } from '#tests/whole-hub/reconcile-by-api.ts';

const count = Number(process.argv[2] ?? 3000);
const dataDir = process.argv[3] ?? mkdtempSync(join(tmpdir(), 'lt-try-'));
const port = 18000 + Math.floor(Math.random() * 1000);
const t0 = performance.now();
const child = spawn(process.execPath, ['start.ts'], {
  env: { ...process.env, PORT: String(port), LIENTHONG_DATA: dataDir, LIENTHONG_SANDBOX_STAFF: String(count), LIENTHONG_LOG: 'warn' },
  stdio: ['ignore', 'inherit', 'inherit'],
});
const origin = `http://localhost:${port}`;
for (;;) {
  const ok = await fetch(`${origin}/readyz`).then(r => r.status === 200, () => false);
  if (ok) break;
  if (child.exitCode !== null) process.exit(1);
  await new Promise(r => setTimeout(r, 200));
}
console.log('ready after', ((performance.now() - t0) / 1000).toFixed(1), 's', dataDir);
const rss = () => Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024);
const hwm = () => Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024);
const getToken = async () => {
  const secret = JSON.parse(readFileSync(join(dataDir, 'sandbox.json'), 'utf8')).clients[0].client_secret;
  const answer = await fetch(`${origin}/sso/token`, { method: 'POST', headers: { authorization: `Basic ${Buffer.from(`sandbox-admin:${secret}`).toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' }, body: 'grant_type=client_credentials' });
  return ((await answer.json()) as { access_token: string }).access_token;
};
const people = makeProvince(count);
try {
  console.log('rss', rss(), 'hwm', hwm());
  for (const app of ['operations-page', 'document-system', 'directives', 'portal', 'mail', 'hr']) {
    const hub = { origin, token: await getToken() };
    const a = performance.now();
    const { reconciliation, findings } = await reconcile(hub, app);
    const b = performance.now();
    const planted = app === 'hr' ? [] : startingAccounts(app, people).planted;
    const wanted = planted.map(p => p.kind === 'missing' ? `missing` : p.kind === 'different' ? `different ${p.externalId} ${p.changes.map(c => c.attribute).sort()}` : `${p.kind} ${p.externalId}`).sort();
    const got = findings.map(f => f.kind === 'missing' ? `missing` : f.kind === 'different' ? `different ${f.externalId} ${Object.keys(f.differences ?? {}).sort()}` : `${f.kind} ${f.externalId}`).sort();
    const w = new Map<string, number>(); for (const x of wanted) w.set(x, (w.get(x) ?? 0) + 1); for (const x of got) w.set(x, (w.get(x) ?? 0) - 1);
    const off = [...w].filter(([, n]) => n !== 0);
    console.log(app, 'reconcile', ((b - a) / 1000).toFixed(1), 's', JSON.stringify(reconciliation.counts), 'planted', planted.length, 'found', findings.length, 'off', off.length, 'rss', rss(), 'hwm', hwm());
    for (const one of off.slice(0, 12)) console.log('   ', one[1] > 0 ? 'not found' : 'too much', one[0], JSON.stringify(findings.find(f => one[0].includes(f.externalId ?? '?'))?.differences ?? ''));
    if (findings.length === 0) continue;
    const c = performance.now();
    const { asked } = await fix(hub, reconciliation.id, ['missing', 'orphan', 'different', 'disputed']);
    const d = performance.now();
    const again = await reconcile(hub, app);
    console.log(app, 'fix', ((d - c) / 1000).toFixed(1), 's asked', asked, 'left', again.findings.length, JSON.stringify(again.reconciliation.counts), 'rss', rss(), 'hwm', hwm());
    for (const f of again.findings.slice(0, 8)) console.log('   left', JSON.stringify(f));
  }
  if (process.argv[4] === 'hold') await new Promise(() => {});
} finally {
  child.kill('SIGTERM');
  await new Promise(r => child.once('exit', r));
}
