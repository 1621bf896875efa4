import assert from 'node:assert/strict';
import { type ListsToMerge, type MergedItem, mergeLists } from '#hub/flows/rules/merge-lists.ts';

const merge = (given: Partial<ListsToMerge>) =>
  mergeLists({
    ...{ one: [], other: [], kept: {}, fields: ['day', 'title', 'place'], blank: { place: '' } },
    ...{ same: ['day', 'title'], prefixes: { one: 'page:', other: 'site:' }, ...given },
  });
const item = (externalId: string, more: Record<string, unknown> = {}): MergedItem => ({
  ...{ externalId, day: '2026-11-30', title: 'Họp giao ban', ...more },
});
const values = { day: '2026-11-30', title: 'Họp giao ban', place: '' };
const known = { 'page:1': values };

describe('Two lists that are brought together', () => {
  it('give what is new on one side to the other, and its id to where it came from', () => {
    const { toOne, toOther, kept } = merge({ one: [item('1')] });
    assert.deepEqual(toOne, [{ id: 'page:1', externalId: '1', ...values }]);
    assert.deepEqual(toOther, [{ id: 'page:1', ...values }]);
    assert.deepEqual(kept, known);
  });
  it('come to rest', () => {
    const [one, other] = [item('1', { id: 'page:1' }), item('9', { id: 'page:1', place: '' })];
    assert.deepEqual(merge({ one: [one], other: [other], kept: known }), {
      ...{ toOne: [], toOther: [], kept: known },
    });
  });
  it('follow the side that changed', () => {
    const [one, other] = [item('1', { id: 'page:1' }), item('9', { id: 'page:1', place: 'Tầng 2' })];
    const { toOne, toOther } = merge({ one: [one], other: [other], kept: known });
    assert.deepEqual([toOne, toOther], [[{ id: 'page:1', ...values, place: 'Tầng 2' }], []]);
  });
  it('follow the first side when both changed', () => {
    const [one, other] = [
      item('1', { id: 'page:1', place: 'Tầng 1' }),
      item('9', { id: 'page:1', place: 'Tầng 2' }),
    ];
    const { toOne, toOther } = merge({ one: [one], other: [other], kept: known });
    assert.deepEqual([toOne, toOther], [[], [{ id: 'page:1', ...values, place: 'Tầng 1' }]]);
  });
  it('take what people wrote on both sides for one thing', () => {
    const { toOne, toOther, kept } = merge({ one: [item('1')], other: [item('9', { place: 'Tầng 2' })] });
    assert.deepEqual(toOne, [{ id: 'page:1', externalId: '1', ...values }]);
    assert.deepEqual(toOther, [{ id: 'page:1', externalId: '9', ...values }]);
    assert.deepEqual(Object.keys(kept), ['page:1']);
  });
  it('leave alone what was moved out of sight of one side', () => {
    const result = merge({ other: [item('9', { id: 'page:1' })], kept: known });
    assert.deepEqual(result, { toOne: [], toOther: [], kept: known });
  });
});
