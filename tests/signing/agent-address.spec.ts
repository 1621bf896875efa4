import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#hub/platform/config.ts';
import { agentCall } from '#hub/signing/agent/agent-call.ts';

describe('The address of the signing agent', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-agent-'));
  after(() => rmSync(folder, { recursive: true }));
  const read = (agent?: string) =>
    readConfig({ LIENTHONG_DATA: folder, ...(agent === undefined ? {} : { LIENTHONG_SIGNING_AGENT: agent }) })
      .signingAgent;

  it('is that of the Government’s certificate authority unless another on loopback is named', () => {
    assert.equal(read(), 'wss://127.0.0.1:8987');
    assert.equal(read('ws://localhost:8988'), 'ws://localhost:8988');
  });

  it('is nowhere else: it stands in the policy of a page', () => {
    for (const agent of [
      'wss://agent.example.vn:8987',
      'https://127.0.0.1:8987',
      "ws://127.0.0.1:1; script-src 'unsafe-inline'",
      'ws://127.0.0.1:1/SignApproved',
    ])
      assert.throws(() => read(agent), { code: 'bad-configuration' });
  });

  it('is called for a signature, or with number and date for the agent to write, and told nothing else', () => {
    const where = { origin: 'https://lienthong.example.vn', agent: 'wss://127.0.0.1:8987' };
    const tokens = { fetchToken: 'F'.repeat(43), bringToken: 'B'.repeat(43) };
    assert.deepEqual(agentCall(where, tokens), {
      socket: 'wss://127.0.0.1:8987/SignApproved',
      request: {
        FileUploadHandler: `https://lienthong.example.vn/api/v1/signing/agent/uploads/${tokens.bringToken}`,
        SessionId: '',
        JWTToken: '',
        FileName: `https://lienthong.example.vn/api/v1/signing/agent/files/${tokens.fetchToken}/van-ban.pdf`,
      },
    });
    const { socket, request } = agentCall(where, tokens, { number: '12/QĐ-UBND', date: '2026-03-02' });
    assert.equal(socket, 'wss://127.0.0.1:8987/SignIssued');
    assert.deepEqual([request.DocNumber, request.IssuedDate], ['12/QĐ-UBND', '2026-03-02T00:00:00+07:00']);
  });
});
