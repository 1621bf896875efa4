import createApps from '#hub/apps/apps.service.ts';
import createConnectors from '#hub/connectors/connectors.service.ts';
import createDocuments from '#hub/documents/documents.service.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import createUnits from '#hub/units/units.service.ts';
import type { StartedForContract } from '#sandbox/kit/started-for-contract.ts';
import { startSandbox } from '#tests/connectors/start-sandbox.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

const within = { withinMs: 15_000 };

type Json = Record<string, unknown>;

export interface Exchange {
  hub: TestHub;
  documentSystem: StartedForContract['app'];
  axis: StartedForContract['app'];
  /** What a sandbox app holds. */
  state<T = Json>(app: 'document-system' | 'document-axis', name: string): Promise<T[]>;
  /** Does something in a sandbox app. */
  act(app: 'document-system' | 'document-axis', action: Json): Promise<Json>;
  /** Waits until a state of an app is as wanted. */
  until<T = Json>(
    app: 'document-system' | 'document-axis',
    name: string,
    is: (all: T[]) => boolean,
  ): Promise<T[]>;
  stop(): Promise<void>;
}

/** Codes of the units that are in the register, in the form of 2016 and of 2020. */
export const office = { organId: '000.00.01.H57', code2020: 'H57.01' };
export const department = { organId: '000.00.09.H57', code2020: 'H57.09' };
export const outside = '000.00.09.H17';

/** A document as the sandbox's document system has it. */
export const vanBan = (more: Json = {}): Json => ({
  MaDinhDanhVanBan: '000.00.01.H57,2026/03/01,12/QĐ-VP',
  DonViGui: { MaDinhDanh: office.organId, TenDonVi: 'Văn phòng UBND tỉnh' },
  NoiNhan: [
    { MaDinhDanh: department.code2020, TenDonVi: 'Sở Thông tin và Truyền thông' },
    { MaDinhDanh: outside, TenDonVi: 'Sở TT&TT Đà Nẵng' },
  ],
  So: '12',
  KyHieu: 'QĐ-VP',
  NgayBanHanh: '01/03/2026',
  LoaiVanBan: 'Quyết định',
  TrichYeu: 'V/v nâng bậc lương & phụ cấp',
  ChucVu: 'Chánh Văn phòng',
  NguoiKy: 'Nguyễn Văn A',
  DoKhan: 1,
  ThaoTac: 'GuiMoi',
  Tep: [
    { TenTep: 'Quyết định 12.pdf', MoTa: 'Văn bản chính', NoiDung: 'JVBERi0xLjQ=' },
    { TenTep: 'Phụ lục.xlsx', NoiDung: 'YmFuZw==' },
  ],
  ...more,
});

/** The exchange over real sockets: document system and axis played, the hub's parts real. */
export const startExchange = async (): Promise<Exchange> => {
  const apps = {
    'document-system': await startSandbox('document-system'),
    'document-axis': await startSandbox('document-axis'),
  };
  const hub = await createTestHub([createUnits, createApps, createConnectors, createDocuments]);
  const by = { source: 'test', actor: 'test' };
  await hub.call('units.load', {
    units: [
      { code: 'H57', name: 'UBND tỉnh', level: 'province', code2016: '000.00.00.H57', code2020: 'H57' },
      {
        code: 'VP',
        name: 'Văn phòng UBND tỉnh',
        level: 'agency',
        parentCode: 'H57',
        code2016: office.organId,
        code2020: office.code2020,
      },
      {
        code: 'TTTT',
        name: 'Sở Thông tin và Truyền thông',
        level: 'agency',
        parentCode: 'H57',
        code2016: department.organId,
        code2020: department.code2020,
      },
    ],
    ...by,
  });
  for (const [id, { settings }] of Object.entries(apps))
    await hub.call('apps.put', {
      app: {
        ...{ id, name: id, owner: 'TT CNTT', connector: id, enabled: true, settings },
        entitlement: { purpose: 'Liên thông văn bản', attributes: [] },
      },
      actor: 'test',
    });
  await waitUntil('connectors', async () => (await hub.call('connectors.list', {})).length === 2, within);
  const state: Exchange['state'] = async (app, name) =>
    (await fetch(`${apps[app].app.origin}/_state/${name}`)).json() as Promise<never>;
  return {
    ...{ hub, state, documentSystem: apps['document-system'].app, axis: apps['document-axis'].app },
    async act(app, action) {
      const answer = await fetch(`${apps[app].app.origin}/_actions`, {
        method: 'POST',
        body: JSON.stringify(action),
      });
      return (await answer.json()) as Json;
    },
    async until(app, name, is) {
      let all: never[] = [];
      const probe = async () => {
        all = (await state(app, name)) as never[];
        return is(all);
      };
      await waitUntil(`${app} ${name}`, probe, within).catch(error => {
        throw new Error(`${(error as Error).message}: ${JSON.stringify(all)}`);
      });
      return all;
    },
    async stop() {
      await hub.stop();
      for (const { app } of Object.values(apps)) await app.stop();
    },
  };
};
