import type { FlowHub } from '#flows/channel/flow-hub.ts';

/** What our nodes use of Node-RED's own objects. */
export interface Message extends Record<string, any> {
  payload?: any;
  topic?: string;
  _lienthong?: { id: string; lease: string; flow: string; attempt: number };
}
export type Send = (messages: Message | null | (Message | null)[]) => void;
export type Done = (error?: unknown) => void;

export interface RedNode {
  id: string;
  /** The tab that it lies on. */
  z: string;
  type: string;
  name: string;
  send: Send;
  on(event: 'input', listener: (msg: Message, send: Send, done: Done) => void): void;
  on(event: 'close', listener: () => void): void;
}

export interface Red {
  nodes: {
    createNode(node: RedNode, config: Record<string, any>): void;
    registerType(type: string, make: (this: RedNode, config: Record<string, any>) => void): void;
  };
  settings: {
    lienthong: FlowHub & { call(name: string, params: object): Promise<any> };
    /** No editor: the process runs flows. */
    disableEditor?: boolean;
  };
  /** Words of a catalogue (`locales/`), in the language of the process. */
  _(key: string, params?: Record<string, string>): string;
  httpAdmin: {
    get(
      path: string,
      guard: unknown,
      answer: (
        request: { query: Record<string, string> },
        response: { status(code: number): { json(body: unknown): void }; json(body: unknown): void },
      ) => void,
    ): void;
  };
  auth: { needsPermission(permission: string): unknown };
  util: {
    evaluateNodeProperty(
      value: string,
      type: string,
      node: RedNode,
      msg: Message,
      callback: (error: unknown, value: unknown) => void,
    ): void;
  };
}
