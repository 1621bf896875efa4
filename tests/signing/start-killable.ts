import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Database, openDatabase } from '#hub/platform/database.ts';
import { type RunningAuthority, startAuthority } from '#sandbox/authority/start-authority.ts';
import { createDocumentSystem, servicePath } from '#sandbox/document-system/document-system.ts';
import { serveApp } from '#sandbox/kit/app-server.ts';
import { contractAccounts } from '#sandbox/kit/contract-accounts.ts';
import { type HeldRows, holdRows } from '#tests/signing/hold-rows.ts';
import { runNode, type SigningNode } from '#tests/signing/run-node.ts';
import { readAdministrativeUnits } from '#tests/support/read-units.ts';
import { createMigratedDatabase } from '#tests/support/test-hub.ts';

/** A document as the document system tells it. */
export interface HeldDocument {
  id: string;
  number: string;
  version: number;
  sha256: string;
}

/** A hub in a process that may be killed, with all around it that outlives it: database, authority, document system. */
export interface KillableHub {
  db: Database;
  node: SigningNode;
  authority: RunningAuthority;
  leader: string;
  clerk: string;
  unitId: string;
  start(): Promise<void>;
  query<T>(text: string): Promise<T[]>;
  countOf(text: string): Promise<number>;
  hold(table: string): Promise<HeldRows>;
  /** How the authority misbehaves. */
  fault(mode: string, path?: string): Promise<void>;
  documents: {
    draft(id: string, file: Buffer): Promise<void>;
    held(): Promise<HeldDocument[]>;
    /** Files that it took, again and again the same one too. */
    taken(): number;
    /** From now on it tells nobody that it took a file, until what it gives is called. */
    keepSilent(): () => void;
  };
  stop(): Promise<void>;
}

export const pin = '135790';
const actor = 'test';

const serveDocuments = async (credentials: { username: string; password: string }) => {
  let silence: Promise<void> | undefined;
  let taken = 0;
  const app = createDocumentSystem({ accounts: contractAccounts(1), credentials });
  const running = await serveApp({
    ...app,
    async handle(request) {
      const answer = await app.handle(request);
      if (request.body.includes('CapNhatTepVanBan')) taken += 1;
      await silence;
      return answer;
    },
  });
  return {
    ...running,
    async draft(id: string, file: Buffer) {
      const body = { action: 'draft', id, fileName: `${id}.pdf`, base64: file.toString('base64') };
      await fetch(`${running.origin}/_actions`, { method: 'POST', body: JSON.stringify(body) });
    },
    held: async () => (await fetch(`${running.origin}/_state/documents`)).json() as Promise<HeldDocument[]>,
    taken: () => taken,
    keepSilent() {
      const { promise, resolve } = Promise.withResolvers<void>();
      silence = promise;
      return () => {
        silence = undefined;
        resolve();
      };
    },
  };
};

/** A key in the token, with its certificate and PIN. */
const makeKey = async (
  { call }: SigningNode,
  authority: RunningAuthority,
  holder: { staffId: string } | { unitId: string },
  name: string,
): Promise<string> => {
  const { credentialId, request } = await call('key-service.create', {
    ...{ ...holder, subject: { CN: name, C: 'VN' }, algorithm: 'ec-p256', pin, actor },
  });
  const purpose = 'staffId' in holder ? 'person' : 'seal';
  const certificate = await authority.issue({ request: Buffer.from(request, 'base64'), purpose });
  await call('key-service.install', {
    credentialId,
    certificate: certificate.toString('base64'),
    chain: [authority.issuing.toString('base64')],
    actor,
  });
  return credentialId;
};

const setUp = async (
  { call }: SigningNode,
  authority: RunningAuthority,
  settings: Record<string, string>,
) => {
  await call('apps.put', {
    app: {
      ...{ id: 'document-system', name: 'Quản lý văn bản', owner: 'TTCNTT', enabled: true },
      ...{ connector: 'document-system', settings },
      entitlement: { purpose: 'Ký số', attributes: ['username'] },
    },
    actor,
  });
  await call('units.load', { units: readAdministrativeUnits().slice(0, 1), source: actor, actor });
  const [unit] = await call('units.list', {});
  const hired = await call('staff.apply', {
    changes: ['Phạm Thị Đức', 'Trần Thị Hoà'].map((name, at) => ({
      origin: String(at),
      record: { name, code: `00000${at}`, mainPosition: { unit: unit!.code, title: 'Chuyên viên' } },
      mainUnitId: unit!.id,
    })),
    ...{ source: actor, actor },
  });
  await call('signing.set-settings', {
    timeStampUrl: authority.timeStampUrl,
    roots: [authority.root.toString('base64')],
    intermediates: [authority.issuing.toString('base64')],
    actor,
  });
  const [leader, clerk] = hired.map(({ staffId }) => staffId!) as [string, string];
  return { unitId: unit!.id, leader, clerk };
};

export const startKillable = async (): Promise<KillableHub> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-killed-'));
  const database = await createMigratedDatabase();
  const db = openDatabase(database.url, 4);
  const authority = await startAuthority();
  const credentials = { username: 'lienthong', password: 'mat-khau-cua-truc-lien-thong' };
  const documents = await serveDocuments(credentials);
  const run = () => runNode({ databaseUrl: database.url, dataDir });
  const node = await run();
  const people = await setUp(node, authority, { endpoint: documents.origin + servicePath, ...credentials });
  await makeKey(node, authority, { staffId: people.leader }, 'Phạm Thị Đức');
  const seal = await makeKey(node, authority, { unitId: people.unitId }, 'Ủy ban nhân dân tỉnh');
  await node.call('key-service.set-holders', { credentialId: seal, staffIds: [people.clerk], actor });
  const held: HeldRows[] = [];
  const query = async <T>(text: string): Promise<T[]> => (await sql.raw<T>(text).execute(db)).rows;
  const hub: KillableHub = {
    ...{ db, node, authority, documents, query, ...people },
    async start() {
      hub.node = await run();
    },
    countOf: async text =>
      (await query<{ count: number }>(`select count(*)::int as count from ${text}`))[0]!.count,
    async hold(table) {
      const rows = await holdRows(db, table);
      held.push(rows);
      return rows;
    },
    async fault(mode, path = '') {
      await fetch(`${authority.origin}/_faults`, { method: 'POST', body: JSON.stringify({ mode, path }) });
    },
    async stop() {
      await hub.node.kill();
      for (const rows of held) await rows.release();
      await documents.stop();
      await authority.stop();
      await db.destroy();
      await database.drop();
      rmSync(dataDir, { recursive: true });
    },
  };
  return hub;
};
