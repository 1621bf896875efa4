import type { SandboxApp } from './app-server.ts';

/** What people write in an app, by port: a row of a kind, and what they change of one. */
export type HandWritten = Record<string, { kind: string; row: object; change: object }>;

/** `byHand` of a `for-contract.ts`, by the app's own `POST /_actions {"action":"by-hand"}`. */
export const writeByHand = (app: SandboxApp, rows: HandWritten) =>
  Object.fromEntries(
    Object.entries(rows).map(([port, { kind, row, change }]) => [
      port,
      async (id?: string) => {
        const written = id === undefined ? row : { ...change, id };
        return ((await app.act!({ action: 'by-hand', kind, row: written })) as { id: string }).id;
      },
    ]),
  );
