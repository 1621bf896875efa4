import assert from 'node:assert/strict';
import { nextState, type ReceiverState } from '#hub/documents/next-state.ts';
import { createOrgans } from '#hub/documents/organs.ts';
import type { Unit } from '#schemas/unit.ts';

/** The states that a document goes through as statuses are heard. */
const walk = (codes: string[], from: ReceiverState = 'sent'): ReceiverState =>
  codes.reduce((standing, code) => nextState(standing, code) ?? standing, {
    state: from,
    before: undefined as ReceiverState | undefined,
  }).state;

describe('The state of a document at a receiver', () => {
  it('goes forwards as its statuses say, with or without the steps between', () => {
    assert.equal(walk(['01', '03', '04', '05', '06']), 'done');
    assert.equal(walk(['01', '03', '05']), 'in-progress');
    assert.equal(walk(['06']), 'done');
  });
  it('is not moved back by what comes late or twice', () => {
    assert.equal(walk(['05', '03', '01', '04', '05']), 'in-progress');
    assert.equal(walk(['06', '01']), 'done');
  });
  it('is not moved by a code that nobody knows', () => {
    for (const code of ['07', '12', '14', '99']) assert.equal(walk(['03', code]), 'received');
  });
  it('is refused only before the document was received', () => {
    assert.equal(walk(['01', '02']), 'refused');
    assert.equal(walk(['01', '03', '02']), 'received');
    assert.equal(walk(['02', '03']), 'refused');
  });
  it('waits when it was asked back, ends when the receiver agrees, goes on when it declines', () => {
    assert.equal(walk(['03', '13']), 'recall-asked');
    assert.equal(walk(['03', '13', '05']), 'recall-asked');
    assert.equal(walk(['03', '13', '15', '06']), 'recalled');
    assert.equal(walk(['03', '13', '16']), 'received');
    assert.equal(walk(['06', '13']), 'done');
    assert.equal(walk(['03', '15']), 'received');
  });
  it('is mended when a receiver has it after all', () => assert.equal(walk(['01'], 'failed'), 'arrived'));
});

describe('An organisation', () => {
  const unit = (id: string, more: Partial<Unit>): Unit => ({
    ...{ id, version: 1, code: id, name: id, level: 'agency', validFrom: '2020-01-01' },
    ...more,
  });
  const organs = createOrgans(
    [
      unit('a', { code2016: '000.00.09.H57', code2020: 'H57.09' }),
      unit('old', { code2020: 'H57.50', validTo: '2025-07-01', successorIds: ['a'] }),
      unit('ended', { code2020: 'H57.51', validTo: '2025-07-01' }),
    ],
    '2026-01-01',
  );
  it('is the same by both of its codes, whatever the case', () => {
    assert.equal(organs.find('000.00.09.h57')?.key, 'unit:a');
    assert.equal(organs.find(' H57.09 ')?.key, 'unit:a');
    assert.equal(organs.find('000.00.09.H17')?.key, organs.find('H17.09')?.key);
    assert.equal(organs.find('H17.09')?.unit, undefined);
  });
  it('that was merged is the one that took over; one that ended is closed', () => {
    assert.deepEqual([organs.find('H57.50')?.key, organs.find('H57.50')?.closed], ['unit:a', undefined]);
    assert.equal(organs.find('H57.51')?.closed, true);
  });
  it('has a code or is none', () => assert.equal(organs.find('Sở Tài chính'), undefined));
});
