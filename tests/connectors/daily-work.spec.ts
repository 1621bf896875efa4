import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectorInstance } from '#connectors/kit/define-connector.ts';
import { loadConnector } from '#connectors/kit/load-connector.ts';
import type { Ports } from '#connectors/kit/ports.ts';
import { createDirectives, servicePath } from '#sandbox/directives/directives.ts';
import { type RunningApp, type SandboxApp, serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import { createOperationsPage } from '#sandbox/operations-page/operations-page.ts';
import { createPortal } from '#sandbox/portal/portal.ts';
import type { Task } from '#schemas/daily-work/task.ts';

const context = () => ({ signal: AbortSignal.timeout(20_000) });
const accounts = contractAccounts(12);
const apiKey = 'key-of-the-operations-page';
const user = { username: 'lienthong', password: 'mat-khau-cua-truc' };
const client = { clientId: 'lien-thong', clientSecret: 'secret-of-the-portal' };

const task: Task = {
  id: 'task-1',
  number: '188/UBND-TH',
  title: 'Báo cáo tiến độ giải ngân',
  unitCodes: ['H57.01'],
  assignees: ['H57.001'],
  dueOn: '2018-09-20',
};

describe('daily work in the sandbox apps', () => {
  let folder: string;
  const running: RunningApp[] = [];
  const instances: ConnectorInstance[] = [];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lienthong-work-'));
  });
  afterEach(async () => {
    for (const instance of instances.splice(0)) await instance.close?.();
    for (const app of running.splice(0)) await app.stop();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const open = async (app: SandboxApp, settings: (origin: string) => object): Promise<Required<Ports>> => {
    const served = await serveApp(app);
    running.push(served);
    const { instance } = await loadConnector(app.id, settings(served.origin));
    instances.push(instance);
    return instance.ports as Required<Ports>;
  };
  const openPage = (journalFile?: string) =>
    open(
      createOperationsPage({
        accounts,
        credentials: { apiKey },
        ...(journalFile === undefined ? {} : { journalFile }),
      }),
      origin => ({ baseUrl: origin, apiKey }),
    );
  const openDirectives = (app = createDirectives({ accounts, credentials: user })) =>
    open(app, origin => ({ endpoint: origin + servicePath, ...user }));

  it('keeps the order of changes and their numbers when an app is started again', async () => {
    const journalFile = join(folder, 'operations-page.jsonl');
    const first = await openPage(journalFile);
    await first.tasks.upsert(task, context());
    await first.tasks.upsert({ ...task, id: 'task-2' }, context());
    await first.tasks.close({ id: 'task-1', outcome: 'done' }, context());
    const before = await first.tasks.list({ limit: 10 }, context());
    for (const app of running.splice(0)) await app.stop();
    const again = await openPage(journalFile);
    assert.deepEqual(await again.tasks.list({ limit: 10 }, context()), before);
    assert.deepEqual(
      before.items.map(({ item }) => item.id),
      ['task-2', 'task-1'],
    );
    await again.tasks.upsert({ ...task, id: 'task-3' }, context());
    const { cursor } = before.items.at(-1)!;
    const news = await again.tasks.list({ after: cursor, limit: 10 }, context());
    assert.deepEqual(
      news.items.map(({ item }) => item.id),
      ['task-3'],
    );
  });

  it('comes to rest when progress is carried both ways between two apps', async () => {
    const page = await openPage();
    const software = createDirectives({ accounts, credentials: user });
    const { directives } = await openDirectives(software);
    const { id, number, title } = task;
    await page.tasks.upsert(task, context());
    await directives.upsert({ id, number: number!, title, unitCode: 'H57.01' }, context());
    const at = { tasks: '0', directives: '0' };
    /** Carries what is new from each side to the other; answers how much there was. */
    const carry = async (): Promise<number> => {
      const tasks = (await page.tasks.list({ after: at.tasks, limit: 10 }, context())).items;
      const entries = (await directives.list({ after: at.directives, limit: 10 }, context())).items;
      at.tasks = tasks.at(-1)?.cursor ?? at.tasks;
      at.directives = entries.at(-1)?.cursor ?? at.directives;
      for (const { item } of tasks) await directives.setProgress({ id, progress: item.progress }, context());
      for (const { item } of entries)
        await page.tasks.upsert({ ...task, progress: item.progress }, context());
      return tasks.length + entries.length;
    };
    while ((await carry()) > 0);
    software.act!({
      action: 'by-hand',
      kind: 'y-kien',
      row: { id: '1', TrangThai: 'DangThucHien', TienDo: 40 },
    });
    const rounds: number[] = [];
    for (let found = 1; found > 0 && rounds.length < 10; ) {
      found = await carry();
      rounds.push(found);
    }
    assert.deepEqual(rounds, [1, 1, 0]);
    const [held] = (await page.tasks.list({ limit: 10 }, context())).items;
    assert.deepEqual(held?.item.progress, { state: 'in-progress', percent: 40 });
  });

  it('counts tasks, cases and dossiers of a period and since the beginning', async () => {
    const page = await openPage();
    await page.tasks.upsert(task, context());
    await page.tasks.upsert({ ...task, id: 'task-2', dueOn: '2018-03-01' }, context());
    const matter = { kind: 'question', title: 'Hỏi', text: '', unitCode: 'H57.01' };
    await page.cases.upsert({ ...matter, number: 'VV-1', receivedOn: '2018-09-01' }, context());
    await page.cases.upsert({ ...matter, number: 'VV-2', receivedOn: '2018-02-01' }, context());
    const answer = { text: 'Trả lời', unitCode: 'H57.01', on: '2018-09-30' };
    await page.cases.answer({ number: 'VV-2', answer }, context());
    const september = { from: '2018-09-01', until: '2018-09-30' };
    const { period, sinceBeginning } = await page.statistics.figures(september, context());
    assert.deepEqual(
      [period.tasksOverdue, period.casesReceived, period.casesAnswered],
      [1, 1, 1],
      'both ends belong to the period',
    );
    assert.deepEqual(
      [sinceBeginning.tasksOverdue, sinceBeginning.casesReceived, sinceBeginning.casesAnswered],
      [2, 2, 1],
    );

    const app = createPortal({ accounts, credentials: client });
    const portal = await open(app, origin => ({ baseUrl: origin, ...client }));
    const dossier = { procedure_name: 'Cấp đổi', org_code: 'H57.01', received_on: '2018-08-30' };
    for (const [id, due_on, settled_on] of [
      ['HS-1', '2018-09-10', '2018-09-09'],
      ['HS-2', '2018-09-15', null],
    ])
      app.act!({ action: 'by-hand', kind: 'dossiers', row: { ...dossier, id, due_on, settled_on } });
    const figures = await portal.statistics.figures(september, context());
    const { dossiersReceived, dossiersSettled, dossiersOverdue } = figures.period;
    assert.deepEqual([dossiersReceived, dossiersSettled, dossiersOverdue], [0, 1, 1]);
    assert.equal(figures.sinceBeginning.dossiersReceived, 2);
  });
});
