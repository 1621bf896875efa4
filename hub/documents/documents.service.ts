import { documentHandlers } from '#hub/documents/commands.ts';
import { documentRoutes } from '#hub/documents/document-routes.ts';
import { quarantineRoutes } from '#hub/documents/quarantine-routes.ts';
import { runExchange } from '#hub/documents/run-exchange.ts';
import type { CreatePart } from '#hub/platform/part.ts';
import type { Repeater } from '#hub/platform/repeat.ts';

/** Documents between organisations: sent, received, and what became of them at each receiver. */
const createDocuments: CreatePart = context => {
  let rounds: Repeater[] = [];
  return {
    name: 'documents',
    actions: documentHandlers(context),
    routes: [...quarantineRoutes(context), ...documentRoutes(context)],
    async start() {
      rounds = runExchange(context);
    },
    async stop() {
      await Promise.all(rounds.map(round => round.stop()));
    },
  };
};

export default createDocuments;
