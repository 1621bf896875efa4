import createApps from '#hub/apps/apps.service.ts';
import createConnectors from '#hub/connectors/connectors.service.ts';
import createKeyService from '#hub/key-service/key-service.service.ts';
import type { Part } from '#hub/platform/part.ts';
import createSigning from '#hub/signing/signing.service.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import { createTestHub } from '#tests/support/test-hub.ts';

// A hub that signs, as a process of its own: to be killed. `argv[2]`: its database, its folder, and who may seal. It does what
// its parent says over IPC: a call of a part, or a POST that an app sends to a route.
const { databaseUrl, dataDir } = JSON.parse(process.argv[2]!) as { databaseUrl: string; dataDir: string };

interface Order {
  id: number;
  call?: { name: string; params: unknown };
  post?: { path: string; body: unknown; appId: string };
}

const sso: Part = {
  name: 'sso',
  actions: { 'sso.roles': async () => ['clerk'], 'sso.check-code': async () => ({ ok: true }) },
};
const hub = await createTestHub(
  [createUnits, createStaff, createApps, createConnectors, createKeyService, createSigning],
  // Alone on its database, as with the one that it runs itself.
  { databaseUrl, stubs: [sso], config: { dataDir, databaseUrl: undefined } },
);
const routes = hub.parts.flatMap(part => part.routes ?? []);

const follow = async ({ call, post }: Order): Promise<unknown> => {
  if (call !== undefined) return hub.call(call.name as never, call.params as never);
  const route = routes.find(({ method, path }) => method === 'POST' && path === post!.path)!;
  const caller = { clientId: 'test', appId: post!.appId, scopes: ['signing.request'] };
  const answer = await route.handle({
    caller,
    body: post!.body,
    params: {},
    query: {},
    language: 'vi',
  } as never);
  return (answer as { body: unknown }).body;
};

process.on('message', async (order: Order) => {
  const answer = await follow(order).then(
    value => ({ value }),
    (error: Error) => ({ error: error.message }),
  );
  process.send!({ id: order.id, ...answer });
});
process.on('disconnect', () => process.exit(0));
process.send!({ id: 0 });
