import assert from 'node:assert/strict';
import createFlows from '#hub/flows/flows.service.ts';
import { smallFlow } from '#tests/flows/play-flows.ts';
import { type Editing, startEditing } from '#tests/flows/start-editing.ts';

describe('The flow editor before the part that keeps versions', function () {
  this.timeout(60_000);
  let editing: Editing;
  before(async () => {
    editing = await startEditing(createFlows);
    await editing.ready();
  });
  after(() => editing.stop());

  it('begins with nothing; each deploy is a version of its author, and a conflict takes nothing from anybody', async () => {
    const { call } = editing.signOn.hub;
    const first = await editing.hire('Nguyễn Văn An', 'flows-editor');
    const second = await editing.hire('Hồ Thị Hai', 'flows-editor');
    const [an, hai] = [await editing.browserOf(first), await editing.browserOf(second)];
    const shown = async () => (await editing.send(an, 'GET', '/flows/flows')).json();
    assert.deepEqual(await shown(), { flows: [], rev: '0' });
    const deploy = (browse: typeof an, name: string, rev: string) => {
      const flows = smallFlow.map(node => (node.type === 'tab' ? node : { ...node, name }));
      return editing.send(browse, 'POST', '/flows/flows', { flows, rev });
    };
    const made = await deploy(an, 'một', '0');
    assert.equal(made.status, 200);
    const { rev } = (await made.json()) as { rev: string };
    assert.equal((await deploy(hai, 'hai', '0')).status, 409);
    assert.equal((await deploy(hai, 'hai', rev)).status, 200);
    const current = (await call('flows.current', { stage: 'sandbox' }))!;
    const { author, authorName, base } = current.version;
    assert.deepEqual(
      { author, authorName, base },
      { author: `staff/${second.id}`, authorName: second.name, base: Number(rev) },
    );
    assert.equal(current.contents.find(({ id }) => id === 'a1')!.name, 'hai');
  });
});
