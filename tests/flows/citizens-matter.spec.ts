import type { AppCase } from '#schemas/daily-work/citizen-case.ts';
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

  it('comes to rest: every app tells it a last time, and each has it once', async () => {
    const number = await enter('portal');
    await flow.rest();
    await isEverywhere(number, () => true);
  });
});
