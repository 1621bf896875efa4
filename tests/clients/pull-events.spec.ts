import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { type Language, languages, makeHome, startClient } from '#tests/clients/run-client.ts';
import { type EventsGateway, staffFact, startEventsGateway } from '#tests/events/events-gateway.ts';

for (const language of Object.keys(languages) as Language[])
  describe(`The pull client in ${language}`, () => {
    let gateway: EventsGateway;
    let credentials: { CLIENT_ID: string; CLIENT_SECRET: string };
    const people = Array.from({ length: 700 }, () => randomUUID());

    before(async () => {
      gateway = await startEventsGateway();
      await gateway.putApp('directory', { attributes: ['name', 'title', 'unitId'] });
      const client = await gateway.hub.call('apps.create-client', {
        appId: 'directory',
        scopes: ['events.read'],
        actor: 'test',
      });
      credentials = { CLIENT_ID: client.clientId, CLIENT_SECRET: client.clientSecret };
      await gateway.write(...people.map(id => staffFact('staff.joined', id)));
      await gateway.write(staffFact('salary.changed', people[0]!, 2, { changed: ['salary'] }));
    });
    after(() => gateway.stop());

    const start = (home: ReturnType<typeof makeHome>, ...args: string[]) =>
      startClient([...languages[language].pull, ...args], {
        ...credentials,
        HUB: gateway.origin,
        CURSOR_FILE: home.cursorFile,
        EVENTS_FILE: home.eventsFile,
      });
    const run = async (home: ReturnType<typeof makeHome>): Promise<void> => {
      const client = start(home, '--once');
      assert.equal(await client.ended, 0, client.printed());
    };

    it('takes everything from the beginning that its app may see, then only what is new, each once', async () => {
      const home = makeHome();
      await run(home);
      const taken = home.taken();
      assert.deepEqual(
        taken.map(({ subject }) => subject),
        people.map(id => `staff/${id}`),
      );
      const { staff } = taken[0]!.data as { staff: Record<string, unknown> };
      assert.equal(staff.name, 'Trần Thị Hồng Gấm');
      assert.equal(staff.rank, undefined);

      const place = readFileSync(home.cursorFile, 'utf8');
      await gateway.write(staffFact('staff.moved', people[1]!, 2, { changed: ['positions'] }));
      await run(home);
      assert.equal(home.taken().length, taken.length + 1);
      assert.equal(home.taken().at(-1)!.type, 'vn.lienthong.staff.moved.v1');

      // As after a crash between the work and the place, and after a place that was lost.
      writeFileSync(home.cursorFile, place);
      await run(home);
      rmSync(home.cursorFile);
      await run(home);
      assert.equal(home.taken().length, taken.length + 1);
      home.remove();
    });

    it('follows what comes, through kill -9 and a start anew', async () => {
      const home = makeHome();
      const first = start(home);
      await waitUntil('the first events', () => home.taken().length > people.length, { withinMs: 20_000 });
      await gateway.write(staffFact('staff.moved', people[2]!, 2, { changed: ['positions'] }));
      const has = (subject: string, type: string) => () =>
        home.taken().filter(event => event.subject === `staff/${subject}` && event.type.includes(type))
          .length === 1;
      await waitUntil('the move', has(people[2]!, 'moved'), { withinMs: 20_000 });
      await first.kill();
      await gateway.write(staffFact('staff.left', people[2]!, 3, { changed: ['status'] }));
      const second = start(home);
      await waitUntil('the leaving', has(people[2]!, 'left'), { withinMs: 20_000 });
      await second.kill();
      const ids = home.taken().map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      home.remove();
    });

    it('ends with the words of the hub when it is not let in', async () => {
      const home = makeHome();
      const client = startClient([...languages[language].pull, '--once'], {
        CLIENT_ID: credentials.CLIENT_ID,
        CLIENT_SECRET: 'wrong',
        HUB: gateway.origin,
        CURSOR_FILE: home.cursorFile,
        EVENTS_FILE: home.eventsFile,
      });
      assert.notEqual(await client.ended, 0);
      assert.match(client.printed(), /401.*invalid_client/s);
      home.remove();
    });
  });
