import { randomUUID } from 'node:crypto';
import type { AppAnswer, AppRequest, SandboxApp } from '#sandbox/kit/app-server.ts';
import { isHashOf, isSigned, parameterOf } from './check-headers.ts';
import { type ReadPackage, readPackage } from './read-package.ts';
import { writeStatus } from './write-status.ts';

/** Organisations outside the province that are on the axis. */
const outside = [
  { organId: '000.00.09.H17', name: 'Sở Thông tin và Truyền thông thành phố Đà Nẵng' },
  { organId: 'H49.20', name: 'Ủy ban nhân dân thành phố Hạ Long' },
];

interface AxisEntry {
  docId: string;
  messageType: 'edoc' | 'status';
  from: string;
  to: string;
  status: 'initial' | 'done' | 'fail';
  created_time: string;
  body: Buffer;
}

const fail = (ErrorCode: string, ErrorDesc: string): AppAnswer => ({
  json: { status: 'FAIL', ErrorCode, ErrorDesc },
});
const ok = (more: object = {}): AppAnswer => ({
  json: { status: 'OK', ErrorCode: '0', ErrorDesc: '', ...more },
});

/**
 * The national document axis, played, with organisations of other provinces on it. They answer each document that comes to
 * them with statuses (01 and 03, or what `POST /_actions {"action":"answer-with","codes":[…]}` says), agree when it is asked
 * back, and send what `{"action":"send","base64":…}` gives them.
 */
export const createDocumentAxis = (start: {
  credentials: { systemId: string; secret: string };
}): SandboxApp => {
  const inbox = new Map<string, AxisEntry>();
  const delivered: (ReadPackage & { to: string; docId: string; xml: string })[] = [];
  let codes = ['01', '03'];

  const put = (messageType: AxisEntry['messageType'], from: string, body: Buffer): string => {
    const docId = randomUUID();
    const created_time = new Date().toISOString();
    inbox.set(docId, { docId, messageType, from, to: 'H57', status: 'initial', created_time, body });
    return docId;
  };
  const answer = (organId: string, about: ReadPackage, code: string, description?: string): void => {
    const from = outside.find(one => one.organId === organId) ?? { organId, name: organId };
    const status = { code, at: new Date(), ...(description === undefined ? {} : { description }) };
    put('status', organId, Buffer.from(writeStatus(from, about, status)));
  };
  const documentOf = (documentId: string): ReadPackage | undefined =>
    delivered.find(one => one.documentId === documentId && one.statusCode === undefined);

  const send = (request: AppRequest): AppAnswer => {
    if (!isHashOf(parameterOf(request, 'hash-file'), request.bytes)) return fail('10', 'Sai mã băm của tệp');
    const to = JSON.parse(parameterOf(request, 'to') || '[]') as string[];
    const read = readPackage(request.body);
    if (read === undefined || read.documentId === '') return fail('22', 'Tệp edXML không hợp lệ');
    if (!/H57/.test(parameterOf(request, 'from'))) return fail('19', 'Đơn vị gửi chưa đăng ký');
    if (to.some(organId => !outside.some(one => one.organId === organId)))
      return fail('18', 'Không có đơn vị nhận');
    const docId = randomUUID();
    for (const organId of to) {
      delivered.push({ ...read, to: organId, docId, xml: request.body });
      if (read.statusCode === undefined) for (const code of codes) answer(organId, read, code);
      const about = documentOf(read.documentId);
      if (read.statusCode === '13' && about !== undefined) answer(organId, about, '15');
    }
    return ok({ DocId: docId });
  };

  const operations: Record<string, (request: AppRequest) => AppAnswer> = {
    '/sendEdoc': send,
    '/getReceivedEdocList': request => {
      const kind = parameterOf(request, 'messagetype');
      const found = [...inbox.values()].filter(
        entry => entry.messageType === kind && entry.status === 'initial',
      );
      return ok({ data: found.map(({ body: _body, ...entry }) => ({ ...entry, serviceType: 'eDoc' })) });
    },
    '/getEdoc': request => {
      const entry = inbox.get(parameterOf(request, 'docId'));
      return entry === undefined
        ? fail('20', 'Không có văn bản')
        : ok({ data: entry.body.toString('base64') });
    },
    '/updateStatus': request => {
      const entry = inbox.get(parameterOf(request, 'docId'));
      if (entry === undefined) return fail('20', 'Không có văn bản');
      entry.status = parameterOf(request, 'status') as AxisEntry['status'];
      return ok();
    },
  };

  return {
    id: 'document-axis',
    accounts: () => [],
    state: name => {
      if (name === 'delivered') return delivered.map(({ xml: _xml, ...one }) => one);
      if (name === 'packages') return delivered.map(({ docId, xml }) => ({ docId, xml }));
      if (name === 'inbox') return [...inbox.values()].map(({ body: _body, ...entry }) => entry);
      return undefined;
    },
    act(action) {
      const given = action as { action: string; codes?: string[]; kind?: 'edoc' | 'status'; from?: string };
      if (given.action === 'answer-with') codes = given.codes ?? [];
      if (given.action === 'send')
        return {
          docId: put(
            given.kind ?? 'edoc',
            given.from ?? outside[0]!.organId,
            Buffer.from(String(action.base64), 'base64'),
          ),
        };
      const about = documentOf(String(action.documentId));
      if (given.action === 'status' && about !== undefined)
        answer(
          given.from ?? outside[0]!.organId,
          about,
          String(action.code),
          action.description === undefined ? undefined : String(action.description),
        );
      return {};
    },
    handle(request) {
      const operation = Object.hasOwn(operations, request.path) ? operations[request.path] : undefined;
      if (operation === undefined) return { status: 404, body: '404 page not found' };
      if (request.method !== 'POST') return { status: 405, headers: { allow: 'POST' } };
      if (!isSigned(request, start.credentials)) return fail('15', 'Sai SystemId hoặc SecretKey');
      return operation(request);
    },
  };
};
