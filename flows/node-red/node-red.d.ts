/** What is used of Node-RED, which brings no types of its own (`@types/node-red` stands at 1.3). */
declare module 'node-red' {
  import type { Server } from 'node:http';

  interface RunningNode {
    id: string;
    type: string;
    name?: string;
    /** The tab that it lies on. */
    z: string;
  }
  interface NodeRed {
    init(server: Server | undefined, settings: object): void;
    start(): Promise<void>;
    stop(): Promise<void>;
    hooks: {
      add(
        name: 'onComplete.lienthong',
        listener: (event: {
          msg: Record<string, unknown>;
          error?: unknown;
          node: { id: string; node: RunningNode };
        }) => void,
      ): void;
      /** `false` stops the message before the node. */
      add(
        name: 'onReceive.lienthong',
        listener: (event: {
          msg: Record<string, unknown>;
          destination: { id: string; node: RunningNode };
        }) => false | undefined,
      ): void;
    };
    events: {
      on(name: string, listener: (...args: never[]) => void): void;
      once(name: string, listener: (...args: never[]) => void): void;
      off(name: string, listener: (...args: never[]) => void): void;
    };
    nodes: {
      getNode(id: string): RunningNode | null;
      eachNode(visit: (node: Record<string, unknown>) => void): void;
    };
    httpAdmin: (request: unknown, response: unknown, next?: unknown) => void;
  }
  const RED: NodeRed;
  export default RED;
}
