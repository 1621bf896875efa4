import assert from 'node:assert/strict';
import { createUniqueRows } from '#sandbox/kit/unique-rows.ts';

describe('Rows of a sandbox app', () => {
  const make = () =>
    createUniqueRows<{ id: string; code: string; name?: string }>(row => row.id, { code: row => row.code });

  it('let nobody take a key that another row holds, whatever the case, and write nothing then', () => {
    const rows = make();
    assert.equal(rows.put({ id: '1', code: 'a' }), undefined);
    assert.equal(rows.put({ id: '2', code: 'A' }), 'code');
    assert.equal(rows.count(), 1);
    assert.equal(rows.put({ id: '1', code: 'b' }), undefined);
    assert.equal(rows.put({ id: '2', code: 'A' }), undefined);
    assert.equal(rows.find('code', 'B')?.id, '1');
  });

  it('may hold a key twice from before, and each can be changed until the key is one row’s again', () => {
    const rows = make();
    rows.load({ id: '1', code: 'a' });
    rows.load({ id: '2', code: 'a' });
    assert.equal(rows.find('code', 'a')?.id, '1');
    assert.equal(rows.put({ id: '2', code: 'a', name: 'x' }), undefined);
    assert.equal(rows.put({ id: '1', code: 'b' }), undefined);
    assert.equal(rows.find('code', 'a')?.id, '2');
    assert.equal(rows.put({ id: '1', code: 'a' }), 'code');
  });

  it('may lack a key, any number of them', () => {
    const rows = make();
    assert.equal(rows.put({ id: '1', code: '' }), undefined);
    assert.equal(rows.put({ id: '2', code: '' }), undefined);
    assert.equal(rows.find('code', ''), undefined);
  });
});
