import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#hub/platform/config.ts';

describe('The settings of versions of flows', () => {
  let LIENTHONG_DATA: string;
  before(async () => {
    LIENTHONG_DATA = await mkdtemp(join(tmpdir(), 'flows-settings-'));
  });
  after(() => rm(LIENTHONG_DATA, { recursive: true, force: true }));
  const read = (env: NodeJS.ProcessEnv) => readConfig({ LIENTHONG_DATA, ...env });

  it('ask for a second person in production, and in trials only when told so', () => {
    assert.equal(read({}).flowsReview, false);
    assert.equal(read({ LIENTHONG_FLOWS_REVIEW: 'on' }).flowsReview, true);
    assert.equal(read({ LIENTHONG_PROFILE: 'production' }).flowsReview, true);
    const env = { LIENTHONG_PROFILE: 'production', LIENTHONG_FLOWS_REVIEW: 'off' };
    assert.equal(read(env).flowsReview, false);
    assert.throws(() => read({ LIENTHONG_FLOWS_REVIEW: 'no' }), /LIENTHONG_FLOWS_REVIEW/);
  });

  it('put the Git folder into the data directory, elsewhere, or nowhere', () => {
    assert.equal(read({}).flowsGit, join(LIENTHONG_DATA, 'flows.git'));
    assert.equal(read({ LIENTHONG_FLOWS_GIT: '/srv/flows.git' }).flowsGit, '/srv/flows.git');
    assert.equal(read({ LIENTHONG_FLOWS_GIT: 'off' }).flowsGit, undefined);
  });
});
