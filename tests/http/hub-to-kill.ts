import { openDatabase } from '#hub/platform/database.ts';
import { createIdempotency } from '#hub/platform/http/keep-answers.ts';
import { createLog } from '#hub/platform/log.ts';
import { createSecrets } from '#hub/platform/secrets.ts';
import { echoRoute, startEdge } from '#tests/http/start-edge.ts';

// A hub that takes a POST and never finishes it: to be killed. Tells its origin, then that it has begun.
const log = createLog('silent');
const db = openDatabase(process.argv[2]!, 2);
const edge = await startEdge({
  idempotency: createIdempotency({ db, log, secrets: createSecrets(Buffer.alloc(32, 7)), leaseMs: 400 }),
  routes: [
    echoRoute({
      handle: async () => {
        console.log('begun');
        await new Promise(() => {});
      },
    }),
  ],
});
console.log(edge.origin);
