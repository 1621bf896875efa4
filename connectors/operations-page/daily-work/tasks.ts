import { type Static, Type } from 'typebox';
import type { TasksPort } from '#connectors/kit/daily-work-ports.ts';
import { nullableText } from '#connectors/kit/nullable.ts';
import { dayOf, dayTo, filled, translate } from '#connectors/kit/work-values.ts';
import type { AppTask, Task } from '#schemas/daily-work/task.ts';
import { type Ask, createResourceClient } from './resource-client.ts';

/** A task as the page tells it (công việc). */
const CongViec = Type.Object({
  id: Type.String({ minLength: 1 }),
  maLienThong: nullableText,
  soHieu: nullableText,
  tieuDe: Type.String(),
  donViChuTri: Type.String(),
  donViPhoiHop: Type.Array(Type.String()),
  nguoiThucHien: Type.Array(Type.String()),
  /** dd/MM/yyyy. */
  hanXuLy: nullableText,
  nguonLoai: nullableText,
  nguonSo: nullableText,
  trangThai: Type.String(),
  tienDo: Type.Integer({ minimum: 0, maximum: 100 }),
  ghiChu: nullableText,
});
type CongViec = Static<typeof CongViec>;

const states = translate({ open: 'MOI', 'in-progress': 'DANG_LAM', done: 'HOAN_THANH', cancelled: 'HUY' });
const sources = translate({ other: 'KHAC', document: 'VAN_BAN', case: 'VU_VIEC', directive: 'CHI_DAO' });

const toCongViec = (task: Task): object => {
  const [lead, ...others] = task.unitCodes;
  return {
    maLienThong: task.id,
    id: task.externalId,
    soHieu: task.number,
    tieuDe: task.title,
    donViChuTri: lead,
    donViPhoiHop: others,
    nguoiThucHien: task.assignees,
    hanXuLy: dayTo(task.dueOn),
    nguonLoai: task.source && sources.to(task.source.kind),
    nguonSo: task.source?.number,
    trangThai: task.progress && states.to(task.progress.state),
    tienDo: task.progress?.percent,
    ghiChu: task.progress?.note,
  };
};

const fromCongViec = (row: CongViec): AppTask => ({
  externalId: row.id,
  ...filled({ id: row.maLienThong, number: row.soHieu }),
  title: row.tieuDe,
  unitCodes: [row.donViChuTri, ...row.donViPhoiHop],
  assignees: row.nguoiThucHien,
  ...filled({ dueOn: dayOf(row.hanXuLy) }),
  ...(row.nguonSo ? { source: { kind: sources.from(row.nguonLoai), number: row.nguonSo } } : {}),
  progress: { state: states.from(row.trangThai), percent: row.tienDo, ...filled({ note: row.ghiChu }) },
});

export const createTasks = (ask: Ask, root: string): TasksPort => {
  const client = createResourceClient(ask, `${root}/cong-viec`, CongViec);
  return {
    upsert: async (task, { signal }) => fromCongViec(await client.put(toCongViec(task), signal)),
    list({ assignee, open, ...request }, { signal }) {
      const narrow = {
        ...(assignee === undefined ? {} : { nguoiThucHien: assignee }),
        ...(open === true ? { chuaXong: 'true' } : {}),
      };
      return client.changes(request, fromCongViec, signal, narrow);
    },
    async close({ id, outcome, note }, { signal }) {
      const body = { ketQua: states.to(outcome), ghiChu: note };
      return fromCongViec(await client.act(id, 'ket-thuc', body, signal));
    },
  };
};
