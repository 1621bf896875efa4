import type { RequestListener, Server } from 'node:http';
import { createRequire } from 'node:module';

/** What the editor uses of Node-RED, which brings no types. */
export interface NodeRed {
  init(server: Server, settings: object): void;
  start(): Promise<void>;
  readonly httpAdmin: RequestListener;
}

/** The words of the editor, and of nodes, by catalogue. */
export interface NodeRedWords {
  registerMessageCatalog(namespace: string, folder: string, file: string): Promise<void>;
  /** The list itself: what is added is offered. */
  availableLanguages(namespace: string): string[];
}

const require = createRequire(import.meta.url);

export const nodeRed = require('node-red') as NodeRed;
export const nodeRedWords = (
  createRequire(require.resolve('node-red'))('@node-red/util') as { i18n: NodeRedWords }
).i18n;
