import assert from 'node:assert/strict';
import { type Editing, startEditing } from '#tests/flows/start-editing.ts';

describe('The flow editor', function () {
  this.timeout(60_000);
  let editing: Editing;
  before(async () => {
    editing = await startEditing();
    await editing.ready();
  });
  after(() => editing.stop());

  it('opens for somebody of the IT centre who is signed in, without a question', async () => {
    const browse = await editing.browserOf(await editing.hire('Nguyễn Văn An', 'it-centre'));
    const page = await browse.open(editing.at('/flows'));
    assert.equal(page.url, editing.at('/flows/'));
    console.log(page.text.slice(0, 500), page.headers);
    const settings = await (await editing.send(browse, 'GET', '/flows/settings')).json();
    console.log(JSON.stringify(settings));
    const flows = await editing.send(browse, 'GET', '/flows/flows');
    console.log(await flows.text());
  });
});
