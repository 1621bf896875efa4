import { asks, out, refuses, tryNodes } from '#tests/flows/try-nodes.ts';

const mail = {
  type: 'lienthong-notify',
  staff: 'staff.id',
  staffType: 'msg',
  subject: 'Việc mới',
  subjectType: 'str',
  text: 'payload',
  textType: 'msg',
};

const command = {
  type: 'lienthong-hub-command',
  method: 'GET',
  path: '/api/v1/staff/{id}',
  parameters: { id: { value: 'payload.id', type: 'msg' } },
};

describe('Nodes that act on the world', function () {
  this.timeout(60_000);
  tryNodes([
    {
      title: 'app-call asks the app once and sends its answer on',
      node: {
        type: 'lienthong-app-call',
        app: 'page',
        port: 'tasks',
        method: 'upsert',
        input: '{"title": payload.title}',
        inputType: 'jsonata',
      },
      message: { payload: { title: 'Báo cáo' }, topic: 'giữ' },
      more: {
        stubs: [{ command: 'app.call', input: { app: 'page' }, answer: { externalId: '7' } }],
        calls: [
          asks('app.call', { app: 'page', port: 'tasks', method: 'upsert', input: { title: 'Báo cáo' } }),
          out(0, { payload: { externalId: '7' }, topic: 'giữ' }),
        ],
      },
    },
    {
      title: 'app-call that is not set up fails and asks nothing',
      node: { type: 'lienthong-app-call' },
      message: { payload: 1 },
      fails: 'chưa được khai báo xong',
    },
    {
      title: 'app-call without its input fails and asks nothing',
      node: {
        type: 'lienthong-app-call',
        app: 'page',
        port: 'tasks',
        method: 'upsert',
        input: 'payload.gone.deeper',
      },
      message: {},
      fails: 'msg.payload.gone.deeper để trống',
    },
    {
      title: 'app-call fails with what the app refused',
      node: { type: 'lienthong-app-call', app: 'page', port: 'tasks', method: 'upsert' },
      message: { payload: 1 },
      more: {
        stubs: [refuses('app.call', 'flow-call-failed')],
        calls: [asks('app.call', { app: 'page' })],
        ends: 'failed',
      },
    },
    {
      title: 'hub-command fills parameters and a search in, each escaped as it must be',
      node: {
        ...command,
        query: { at: { value: '2026-01-01', type: 'str' }, none: { value: 'payload.none', type: 'msg' } },
      },
      message: { payload: { id: 'a/b?c' } },
      more: {
        calls: [
          asks('hub.command', {
            method: 'GET',
            path: '/api/v1/staff/a%2Fb%3Fc',
            query: { at: '2026-01-01' },
          }),
          out(0, {}),
        ],
      },
    },
    {
      title: 'hub-command without a parameter fails and asks nothing',
      node: command,
      message: { payload: {} },
      fails: 'Thiếu tham số "id" của /api/v1/staff/{id}',
    },
    {
      title: 'hub-command that is not set up fails and asks nothing',
      node: { type: 'lienthong-hub-command' },
      message: { payload: {} },
      fails: 'chưa được khai báo xong',
    },
    {
      title: 'hub-command sends a body member by member, of their types, without what is empty',
      node: {
        ...{
          type: 'lienthong-hub-command',
          method: 'POST',
          path: '/api/v1/signing/requests',
          bodyType: 'members',
        },
        members: {
          title: { value: 'payload.title', type: 'msg' },
          putBack: { value: 'true', type: 'bool' },
          dueAt: { value: 'payload.due', type: 'msg' },
        },
      },
      message: { payload: { title: 'Quyết định' } },
      more: { calls: [asks('hub.command', { body: { title: 'Quyết định', putBack: true } }), out(0, {})] },
    },
    {
      title: 'sign asks for a signature with the request that it is given',
      node: { type: 'lienthong-sign', request: '{"documentId": payload.id}', requestType: 'jsonata' },
      message: { payload: { id: 'vb-1' } },
      more: {
        calls: [
          asks('hub.command', {
            method: 'POST',
            path: '/api/v1/signing/requests',
            body: { documentId: 'vb-1' },
          }),
          out(0, {}),
        ],
      },
    },
    {
      title: 'sign without a request fails and asks nothing',
      node: { type: 'lienthong-sign' },
      message: {},
      fails: 'msg.payload để trống',
    },
    {
      title: 'notify tells one person or several',
      node: mail,
      message: { payload: 'Xin chào', staff: { id: 's1' } },
      more: {
        calls: [
          asks('notify', {
            app: 'mail',
            staffIds: ['s1'],
            unitIds: [],
            subject: 'Việc mới',
            text: 'Xin chào',
          }),
          out(0, {}),
        ],
      },
    },
    {
      title: 'notify tells a unit that was chosen in its form',
      node: { ...mail, staff: '', units: 'u-1', unitsType: 'unit' },
      message: { payload: 'Xin chào' },
      more: { calls: [asks('notify', { staffIds: [], unitIds: ['u-1'] }), out(0, {})] },
    },
    {
      title: 'notify of nobody fails and asks nothing',
      node: mail,
      message: { payload: 'Xin chào' },
      fails: 'staff.id, – để trống',
    },
    {
      title: 'notify without a text fails and asks nothing',
      node: mail,
      message: { staff: { id: 's1' } },
      fails: 'msg.payload để trống',
    },
  ]);
});
