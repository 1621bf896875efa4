import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { signFile, type Token } from '#sandbox/usb-agent/sign-file.ts';

/**
 * What the person with the token does, or what goes wrong: `refused` (they press cancel), `never` (they walk away), `tampered` (a byte of
 * the document is changed), `stamped` (text is written on its page), `rewritten` (saved anew as a whole), `other-key` (another token).
 */
export const agentFaults = ['refused', 'never', 'tampered', 'stamped', 'rewritten', 'other-key'] as const;
export type AgentFault = (typeof agentFaults)[number];

/** The message of a page, as far as it is looked at. */
interface Asked {
  FileName: string;
  FileUploadHandler: string;
  DocNumber?: string;
  IssuedDate?: string;
}
type Answer = Record<string, unknown> & { Status: number; Message: string };

const operations = new Set(['/SignApproved', '/SignIssued']);

const spoil = async (file: Buffer, token: Token, fault: AgentFault | undefined): Promise<Uint8Array> => {
  if (fault === 'stamped') return signFile(file, token, { stamp: 'Da sua' });
  const signed = Buffer.from(await signFile(file, token));
  if (fault === 'tampered') signed[file.length >> 1] = signed[file.length >> 1]! ^ 1;
  // A comment in front moves everything: nothing of the old file stands where it stood.
  return fault === 'rewritten' ? Buffer.concat([Buffer.from('%PDF-1.7\n'), signed]) : signed;
};

const bring = async (to: string, file: Uint8Array): Promise<Answer> => {
  const form = new FormData();
  form.append('uploadfile', new Blob([new Uint8Array(file)], { type: 'application/pdf' }), 'van-ban.pdf');
  const answer = await fetch(to, { method: 'POST', body: form });
  const { Status, ...more } = (await answer.json()) as { Status: boolean; Message: string };
  return { ...more, Status: answer.ok && Status ? 0 : 1 };
};

/**
 * The signing agent for USB tokens, played: a WebSocket on loopback, one call each. It fetches the file, signs it with the token and brings
 * it back, as the agent of the Government's certificate authority does by its public clients. `ws` instead of `wss`: browsers trust no
 * certificate of ours. A page of another origin than `origin` is turned away.
 */
export const startUsbAgent = async ({
  token,
  otherToken,
  origin,
  port = 0,
}: {
  token: Token;
  otherToken?: Token;
  origin?: string;
  port?: number;
}) => {
  let fault: AgentFault | undefined;
  const calls: { operation: string; asked: Asked; answer?: Answer }[] = [];
  const act = async (operation: string, asked: Asked): Promise<Answer | undefined> => {
    if (!operations.has(operation)) return { Status: 500, Message: 'Không có chức năng này' };
    const fetched = await fetch(asked.FileName);
    if (!fetched.ok) return { Status: 1, Message: `Không tải được tệp (${fetched.status})` };
    const file = Buffer.from(await fetched.arrayBuffer());
    if (fault === 'never') return undefined;
    if (fault === 'refused') return { Status: 1, Message: 'Người dùng hủy ký số' };
    const signed = await spoil(file, fault === 'other-key' && otherToken ? otherToken : token, fault);
    return bring(asked.FileUploadHandler, signed);
  };
  const server = createServer((_, response) => response.writeHead(426).end());
  const sockets = new WebSocketServer({
    server,
    verifyClient: (client: { origin: string }) => origin === undefined || client.origin === origin,
  });
  sockets.on('connection', (socket, { url = '/' }) => {
    socket.on('error', () => socket.terminate());
    socket.on('message', async data => {
      const asked = JSON.parse(String(data)) as Asked;
      const call: (typeof calls)[number] = { operation: url.slice(1), asked };
      calls.push(call);
      const answer = await act(url, asked).catch(
        (error): Answer => ({ Status: 500, Message: String(error) }),
      );
      if (answer === undefined) return;
      call.answer = answer;
      socket.send(JSON.stringify(answer));
    });
  });
  const hangUp = (): void => {
    for (const socket of sockets.clients) socket.terminate();
  };
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    setFault(mode: AgentFault | undefined) {
      fault = mode;
    },
    /** Closes what is under way without an answer. */
    hangUp,
    async stop() {
      hangUp();
      sockets.close();
      server.close();
      await once(server, 'close');
    },
  };
};
export type UsbAgent = Awaited<ReturnType<typeof startUsbAgent>>;
