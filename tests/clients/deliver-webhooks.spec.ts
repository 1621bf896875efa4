import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import createApps from '#hub/apps/apps.service.ts';
import createDelivery from '#hub/delivery/delivery.service.ts';
import createEvents from '#hub/events/events.service.ts';
import { type Gateway, startGateway } from '#hub/gateway/start-gateway.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { NewEvent } from '#schemas/event.ts';
import createSso from '#sso/sso.service.ts';
import { type Language, languages, makeHome, startReceiver } from '#tests/clients/run-client.ts';
import { staffFact, writeFacts } from '#tests/events/events-gateway.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';
import { getToken } from '#tests/support/get-token.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

interface Subscription {
  id: string;
  secrets: string[];
}

for (const language of Object.keys(languages) as Language[])
  describe(`Webhooks of the hub at the receiver in ${language}`, () => {
    const home = makeHome();
    let hub: TestHub;
    let gateway: Gateway;
    let token: string;
    let subscription: Subscription;
    let receiver: Awaited<ReturnType<typeof startReceiver>>;
    let port: number;

    const post = async <T>(path: string, body: unknown): Promise<T> => {
      const answer = await fetch(gateway.origin + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      assert.ok(answer.ok, text);
      return JSON.parse(text) as T;
    };
    const write = async (...events: NewEvent[]): Promise<void> => {
      await inTransaction(hub.db, tx => writeFacts(tx, ...events));
      hub.context.wake.notify('events');
    };
    const listen = async (secret: string): Promise<void> => {
      receiver = await startReceiver(language, { secret, eventsFile: home.eventsFile, port });
    };
    const typesOf = (id: string): string[] =>
      home
        .taken()
        .filter(({ subject }) => subject === `staff/${id}`)
        .map(({ type }) => type.replace(/^vn\.lienthong\.|\.v1$/g, ''));
    const arrived = (id: string, ...types: string[]): Promise<boolean> =>
      waitUntil(`${types} of ${id}`, () => typesOf(id).join() === types.join(), { withinMs: 30_000 });

    before(async () => {
      const hubPort = await chooseFreePort();
      const origin = `http://127.0.0.1:${hubPort}`;
      hub = await createTestHub([createApps, createSso, createEvents, createDelivery], {
        config: { port: hubPort, origin },
      });
      gateway = await startGateway(
        hub.context,
        hub.parts.flatMap(part => part.routes ?? []),
        async () => ({ ready: true, roles: {} }),
        hub.parts.flatMap(part => part.mounts ?? []),
      );
      await hub.call('apps.put', {
        app: {
          id: 'directory',
          name: 'Danh bạ',
          owner: 'test',
          enabled: true,
          entitlement: { purpose: 'test', attributes: ['name', 'title', 'unitId'] },
        },
        actor: 'test',
      });
      token = await getToken({ call: hub.call, origin }, 'directory', ['subscriptions.manage']);
      port = await chooseFreePort();
      subscription = await post<Subscription>('/api/v1/subscriptions', { url: `http://127.0.0.1:${port}/` });
      await listen(subscription.secrets[0]!);
    });
    after(async () => {
      await receiver.kill();
      await gateway.stop();
      await hub.stop();
      home.remove();
    });

    it('pass its check: a test first, then facts, in their order and as the app may see them', async () => {
      const { delivered, eventId } = await post<{ delivered: boolean; eventId: string }>(
        `/api/v1/subscriptions/${subscription.id}/test`,
        {},
      );
      assert.equal(delivered, true);
      assert.ok(home.taken().some(({ id }) => id === eventId));

      const person = randomUUID();
      await write(
        staffFact('staff.joined', person),
        staffFact('staff.moved', person, 2, { changed: ['positions'] }),
      );
      await arrived(person, 'staff.joined', 'staff.moved');
      const { staff } = home.taken().at(-1)!.data as { staff: Record<string, unknown> };
      assert.equal(staff.name, 'Trần Thị Hồng Gấm');
      assert.equal(staff.rank, undefined);
    });

    it('pass it through a change of the secret, before and after the receiver has the new one', async () => {
      const { secrets } = await post<Subscription>(
        `/api/v1/subscriptions/${subscription.id}/rotate-secret`,
        {},
      );
      const [old, fresh] = [randomUUID(), randomUUID()];
      await write(staffFact('staff.joined', old));
      await arrived(old, 'staff.joined');
      await receiver.kill();
      await listen(secrets[0]!);
      await write(staffFact('staff.joined', fresh));
      await arrived(fresh, 'staff.joined');
    });

    it('come when it was away, and a replay does nothing twice', async () => {
      const secret = (await post<Subscription>(`/api/v1/subscriptions/${subscription.id}/rotate-secret`, {}))
        .secrets[0]!;
      await receiver.kill();
      const person = randomUUID();
      await write(
        staffFact('staff.joined', person),
        staffFact('staff.left', person, 2, { changed: ['status'] }),
      );
      await listen(secret);
      await arrived(person, 'staff.joined', 'staff.left');

      const before = home.taken();
      await post(`/api/v1/subscriptions/${subscription.id}/replay`, { from: 'beginning' });
      const last = randomUUID();
      await write(staffFact('staff.joined', last));
      await arrived(last, 'staff.joined');
      await waitUntil(
        'the replay',
        () => receiver.printed().includes(`had vn.lienthong.staff.left.v1 staff/${person}`),
        {
          withinMs: 20_000,
        },
      );
      assert.equal(home.taken().length, before.length + 1);
    });
  });
