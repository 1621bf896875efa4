import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openToken } from '#sandbox/usb-agent/open-token.ts';
import { agentFaults, startUsbAgent } from '#sandbox/usb-agent/usb-agent.ts';

// `npm run usb-agent`: the leader's computer with a USB token, played, against a hub that runs. It must have been started with
// LIENTHONG_SIGNING_AGENT=ws://127.0.0.1:8987. `npm run usb-agent -- other-key` plays a fault.

interface Sandbox {
  origin: string;
  clients: { client_id: string; client_secret: string }[];
  signing: { authority: string; signers?: { username: string; staffId: string; unitId?: string }[] };
}

const port = 8987;
const fault = agentFaults.find(mode => mode === process.argv[2]);
const file = join(process.env.LIENTHONG_DATA ?? '.data', 'sandbox.json');
const { origin, clients, signing } = JSON.parse(readFileSync(file, 'utf8')) as Sandbox;
const leader = signing.signers?.find(({ unitId }) => unitId === undefined);
if (leader === undefined) throw new Error(`${file} names no leader who signs: run “npm start” first`);

const [{ client_id, client_secret }] = clients as [Sandbox['clients'][number]];
const granted = await fetch(`${origin}/sso/token`, {
  method: 'POST',
  headers: { authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}` },
  body: new URLSearchParams({ grant_type: 'client_credentials' }),
});
const { access_token } = (await granted.json()) as { access_token: string };
const put = async (path: string, body: object): Promise<void> => {
  const answer = await fetch(`${origin}/api/v1/signing/routes/usb${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
};
const route = (enabled: boolean): Promise<void> =>
  put('', { kind: 'agent', priority: 10, enabled, rules: { staffIds: [leader.staffId] } });

const token = await openToken(signing.authority, { C: 'VN', CN: leader.username, UID: leader.username });
const otherToken = await openToken(signing.authority, { C: 'VN', CN: 'Người khác', UID: 'khac' });
await route(true);
await put('/accounts', {
  holder: { staffId: leader.staffId },
  userId: `serial:${new X509Certificate(token.certificate).serialNumber}`,
});
const agent = await startUsbAgent({ token, otherToken, origin, port });
agent.setFault(fault);
console.log(
  `${agent.address}: thiết bị USB của ${leader.username}${fault === undefined ? '' : ` (${fault})`}.`,
);
console.log(
  `Mở ${origin}/signing để ký. Bấm Ctrl+C để rút thiết bị. / Open it to sign; Ctrl+C unplugs the token.`,
);

process.once('SIGINT', async () => {
  await route(false);
  await agent.stop();
});
