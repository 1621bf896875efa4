import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { listConnectorIds, readConnectorFolder } from '#connectors/kit/connector-folder.ts';
import { createGuard, type Guard } from '#connectors/kit/guard.ts';
import { type LoadedConnector, loadConnector } from '#connectors/kit/load-connector.ts';
import { runPort } from '#connectors/kit/run-port.ts';
import type { StartedForContract } from '#sandbox/kit/started-for-contract.ts';
import type { InvokeAnswer } from '#schemas/commands/connectors.ts';
import { setFault, startSandbox } from '#tests/connectors/start-sandbox.ts';

const draft = { id: 'VB-KIEM-TRA', fileName: 'Công văn.pdf', base64: 'JVBERi0=' };

/** One call of each port that changes nothing. */
const harmless: Record<string, (started: StartedForContract) => [method: string, input: unknown[]]> = {
  accounts: () => ['list', [{ limit: 1 }]],
  attendance: () => [
    'record',
    [{ staffCode: 'H57.001', day: '2026-11-27', half: 'morning', at: '2026-11-27T00:30:00Z' }],
  ],
  calendar: () => ['list', [{ unitCode: 'H57.01', day: '2026-11-27' }]],
  cases: () => ['list', [{ limit: 1 }]],
  directives: () => ['list', [{ limit: 1 }]],
  dossiers: () => ['list', [{ dueUntil: '2026-11-27', limit: 1 }]],
  documents: () => ['issued', [{ limit: 1 }]],
  documentAxis: () => ['list', [{ kind: 'document' }]],
  hrSource: () => ['pull', [{ limit: 1 }]],
  notices: () => [
    'send',
    [{ id: randomUUID(), to: ['canbo.001@hue.gov.vn'], subject: 'Kiểm tra', text: 'Kiểm tra' }],
  ],
  personnel: () => [
    'record',
    [{ id: 'kiem-tra', staffCode: 'H57.001', kind: 'award', date: '2026-11-27', text: 'Kiểm tra' }],
  ],
  programme: () => ['list', [{ limit: 1 }]],
  statistics: () => ['figures', [{ from: '2026-01-01', until: '2026-12-31' }]],
  tasks: () => ['list', [{ limit: 1 }]],
  signingSource: () => ['fetch', [{ documentId: draft.id }]],
  signer: started => ['certificates', [{ userId: started.signer!.userId }]],
};

const faults: { fault: Record<string, unknown>; codes: string[]; says: string }[] = [
  { fault: { mode: 'down' }, codes: ['unavailable'], says: 'hangs up' },
  { fault: { mode: 'error' }, codes: ['unavailable'], says: 'answers 500' },
  { fault: { mode: 'error-page' }, codes: ['unexpected-answer'], says: 'answers 200 with an error page' },
  { fault: { mode: 'half' }, codes: ['unavailable', 'unexpected-answer'], says: 'stops half-way' },
  { fault: { mode: 'busy', retryAfter: 7 }, codes: ['rate-limited'], says: 'answers 429' },
  { fault: { mode: 'hang' }, codes: ['timed-out'], says: 'never answers' },
];

const guardFor = (loaded: LoadedConnector, timeoutMs: number): Guard =>
  createGuard({ ...loaded.guardSettings, timeoutMs, breakAfter: 1000 });

const codeOf = (answer: InvokeAnswer): string => (answer.ok ? 'ok' : answer.code);

for (const id of listConnectorIds()) {
  describe(`connector ${id} names every fault of its app`, () => {
    const { manifest, configSchema } = readConnectorFolder(id);
    let started: StartedForContract;
    let settings: Record<string, unknown>;
    let loaded: LoadedConnector;
    const call = (port: string, from: LoadedConnector, timeoutMs = 10_000): Promise<InvokeAnswer> => {
      const [method, input] = harmless[port]!(started);
      return runPort(from.instance, guardFor(from, timeoutMs), port, method, input);
    };

    before(async () => {
      started = await startSandbox(id);
      settings = { ...started.settings, ...started.extraSettings };
      loaded = await loadConnector(id, settings);
      if (manifest.ports.includes('signingSource')) {
        const body = JSON.stringify({ action: 'draft', ...draft });
        await (await fetch(`${started.app.origin}/_actions`, { method: 'POST', body })).text();
      }
    });
    after(async () => {
      await loaded?.instance.close?.();
      await started?.app.stop();
    });

    for (const port of manifest.ports) {
      // A port that does not travel over the app's HTTP door says so in the manifest, with the reason.
      if (manifest.quality[`${port}.faults`]?.state === 'exempt') continue;
      for (const { fault, codes, says } of faults)
        it(`${port}: the app ${says}: ${codes.join(' or ')}, and all is well afterwards`, async () => {
          assert.equal(codeOf(await call(port, loaded)), 'ok');
          // Both a connector that is signed in already and one that has yet to sign in.
          const fresh = await loadConnector(id, settings);
          try {
            await setFault(started.app.origin, fault);
            for (const one of [loaded, fresh]) {
              const answer = await call(port, one, fault.mode === 'hang' ? 300 : 10_000);
              assert.ok(!answer.ok && codes.includes(answer.code), JSON.stringify(answer));
              assert.equal(answer.retryable, true);
              if (fault.retryAfter !== undefined)
                assert.equal(answer.retryAfterMs, Number(fault.retryAfter) * 1000);
            }
            await setFault(started.app.origin, { mode: 'ok' });
            for (const one of [loaded, fresh]) assert.equal(codeOf(await call(port, one)), 'ok');
          } finally {
            await setFault(started.app.origin, { mode: 'ok' });
            await fresh.instance.close?.();
          }
        });

      it(`${port}: wrong credentials: unauthorised, without telling them`, async () => {
        const secrets = Object.keys(configSchema.properties).filter(
          name => configSchema.properties[name]?.format === 'password' && settings[name] !== undefined,
        );
        assert.ok(secrets.length > 0, 'config.schema.json marks its secrets with format: password');
        const wrong = Object.fromEntries(secrets.map(name => [name, 'wrong-secret-1234567890']));
        const stranger = await loadConnector(id, { ...settings, ...wrong });
        const answer = await call(port, stranger);
        await stranger.instance.close?.();
        assert.equal(codeOf(answer), 'unauthorised', JSON.stringify(answer));
        assert.ok(!JSON.stringify(answer).includes('wrong-secret'));
        assert.equal(codeOf(await call(port, loaded)), 'ok');
      });
    }
  });
}
