import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import RED from 'node-red';
import { openHub } from '#flows/channel/ask-hub.ts';
import type { FlowHub } from '#flows/channel/flow-hub.ts';
import { editorSettings } from '#flows/editor/settings.ts';
import { speakVietnamese } from '#flows/editor/speak-vietnamese.ts';
import { createStorage } from '#flows/editor/storage.ts';

/** What the process of the editor is told in its argument. */
export interface EditorOrders {
  /** Where it listens. */
  socketPath: string;
  /** Where Node-RED keeps what people set for their own view; no flows. */
  userDir: string;
}

/** What its parent asks of it. */
export interface EditorSide {
  /** Starts Node-RED; resolves when it listens. The secret opens the credentials of nodes. */
  open(secrets: { credentialSecret: string }): Promise<void>;
  /** Flows may have been changed by another way (rolled back, or by the editor of another node): shows what there is now. */
  follow(): Promise<void>;
}

/** So often the editor looks by itself, for news can get lost. */
const followEveryMs = 30_000;

const { socketPath, userDir } = JSON.parse(process.argv[2]!) as EditorOrders;

let storage: ReturnType<typeof createStorage> | undefined;

const { call } = openHub<EditorSide>({
  // A hub that is away for a moment is asked again the next time.
  follow: async () => storage?.follow().catch(() => {}),
  async open({ credentialSecret }) {
    // Without the hub's word there is nothing to show; an empty canvas would be a lie.
    await call('flows.current', { stage: 'sandbox' });
    mkdirSync(userDir, { recursive: true, mode: 0o700 });
    storage = createStorage(call, join(userDir, 'views.json'));
    const lienthong: FlowHub = {
      stage: 'sandbox',
      // Nodes are drawn here, not run: none is ever given a message.
      receive: () => () => {},
      call,
      settle: async () => {},
      settled() {},
      effectKey: () => '',
    };
    const server = createServer((request, response) => {
      const { url = '/' } = request;
      // Node-RED sends `/flows` on to `/flows/` by the address as it was asked for.
      Object.assign(request, { originalUrl: url, url: url.slice('/flows'.length) || '/' });
      RED.httpAdmin(request, response);
    });
    RED.init(server, editorSettings({ userDir, credentialSecret, storage: storage.module, lienthong }));
    await RED.start();
    await speakVietnamese();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(socketPath, resolve);
    });
    setInterval(() => void storage?.follow().catch(() => {}), followEveryMs).unref();
  },
});

// Whoever started this process is gone: so is what it was for.
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
