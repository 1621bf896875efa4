import assert from 'node:assert/strict';
import type { AppCase } from '#schemas/work/citizen-case.ts';
import { type FlowAtWork, startWithApps } from '#tests/flows/start-with-apps.ts';

const prefixes = { portal: 'DVC', 'operations-page': 'DHTN', directives: 'YKCD' };
const ids = Object.keys(prefixes);

describe("A citizen's matter", function () {
  this.timeout(90_000);
  let flow: FlowAtWork;
  before(async () => {
    flow = await startWithApps('vu-viec-mot-cua', ids);
  });
  after(() => flow?.stop());

  const listAll = () => Promise.all(ids.map(id => flow.list<AppCase>(id, 'cases')));
  const isEverywhere = (number: string, is: (one: AppCase) => boolean) =>
    flow.until(`${number} is everywhere`, async () =>
      (await listAll()).every(told => {
        const found = told.filter(({ item }) => item.number === number);
        return found.length === 1 && is(found[0]!.item);
      }),
    );
  /** Somebody enters one in an app. */
  const enter = async (home: string): Promise<string> =>
    `${prefixes[home as keyof typeof prefixes]}-${await flow.apps[home]!.byHand!.cases!()}`;

  for (const home of ids)
    it(`that enters ${home} has one number in all three apps, and is answered once`, async () => {
      const number = await enter(home);
      await isEverywhere(number, () => true);
      const answer = { text: 'Đã xử lý xong.', unitCode: 'H57.02', on: '2026-11-20' };
      await flow.ask('directives', 'cases', 'answer', { number, answer });
      await isEverywhere(number, one => one.answer?.text === answer.text);
    });

  it('comes to rest: what apps tell of it once more makes no app change it', async () => {
    const before = await listAll();
    // A new matter goes through behind all that is still under way.
    const number = await enter('portal');
    await isEverywhere(number, () => true);
    const others = (await listAll()).map(told => told.filter(({ item }) => item.number !== number));
    assert.deepEqual(others, before);
  });
});
