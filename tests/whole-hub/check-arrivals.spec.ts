import assert from 'node:assert/strict';
import { type Arrival, checkArrivals, type Fact } from './check-arrivals.ts';

describe('The check of what subscribers took', () => {
  const fact = (id: string, sequence: number, name = 'staff.moved'): Fact => ({
    id,
    name,
    subject: 'staff/mai',
    sequence,
    changed: [],
  });
  const log = [fact('a', 1), fact('b', 2), fact('pay', 3, 'salary.changed'), fact('c', 4)];
  const arrive = (id: string, change: Partial<Arrival> = {}): Arrival => {
    const { name, subject, sequence } = log.find(one => one.id === id)!;
    return { id, type: `vn.lienthong.${name}.v1`, subject, sequence, body: id, ...change };
  };
  const check = (...arrivals: Arrival[]) =>
    checkArrivals(log, { name: 'portal', arrivals, maySee: ({ name }) => name !== 'salary.changed' });

  it('is content with all that is for a subscriber, in order, however often it comes again', () => {
    assert.deepEqual(check(arrive('a'), arrive('b'), arrive('a'), arrive('c'), arrive('b')), []);
  });

  it('names the subscriber and the event that is missing', () => {
    assert.deepEqual(check(arrive('a'), arrive('c')), ['portal: staff.moved 2 of staff/mai (b) is missing']);
  });

  it('names what is foreign: not in the log, not as it is there, or not for this subscriber', () => {
    const rest = [arrive('a'), arrive('b'), arrive('c')];
    assert.deepEqual(check(...rest, { ...arrive('a'), id: 'x', sequence: 9 }), [
      'portal: staff.moved 9 of staff/mai (x) is not in the log',
    ]);
    assert.deepEqual(check(arrive('pay'), arrive('c')).slice(-1), [
      'portal: salary.changed 3 of staff/mai (pay) is not for it',
    ]);
    assert.deepEqual(check(arrive('a'), arrive('b', { sequence: 3 }), arrive('c')), [
      'portal: b came as staff.moved 3 of staff/mai, the log has staff.moved 2 of staff/mai',
    ]);
  });

  it('names what came before an earlier event of its subject', () => {
    assert.deepEqual(check(arrive('b'), arrive('a'), arrive('c')), [
      'portal: staff.moved 1 of staff/mai (a) came after 2',
    ]);
  });

  it('names a repeat that is not what came first', () => {
    assert.deepEqual(check(arrive('a'), arrive('b'), arrive('c'), arrive('b', { body: 'other' })), [
      'portal: b came again with another body: b | other',
    ]);
  });
});
