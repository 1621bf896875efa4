import assert from 'node:assert/strict';
import { type Breach, compareSchemas, type Json } from '#tests/schemas/compare-schemas.ts';

const published: Json = {
  title: 'A person moved',
  type: 'object',
  required: ['id', 'status'],
  properties: {
    id: { type: 'string', format: 'uuid', description: 'The person' },
    status: { type: 'string', enum: ['active', 'left'] },
    grade: { type: 'integer', minimum: 1, maximum: 16 },
    gone: { type: 'boolean', const: true },
    parent: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    posts: {
      type: 'array',
      items: { type: 'object', required: ['main'], properties: { main: { type: 'boolean' } } },
    },
  },
};

/** The published schema with some of its properties as given; undefined takes one away. */
const changed = (properties: Json, more: Json = {}): Json => {
  const all = { ...(published.properties as Json), ...properties };
  return {
    ...published,
    properties: Object.fromEntries(Object.entries(all).filter(([, schema]) => schema !== undefined)),
    ...more,
  };
};
const breaches = (current: Json): string[] =>
  compareSchemas(published, current).map(({ pointer, kind }: Breach) => `${kind} ${pointer}`);

describe('A published schema', () => {
  it('stays good when nothing changed, when words changed, and when an optional property came', () => {
    assert.deepEqual(breaches(published), []);
    assert.deepEqual(
      breaches(changed({ id: { type: 'string', format: 'uuid', title: 'Key' } }, { title: '…' })),
      [],
    );
    assert.deepEqual(breaches(changed({ note: { type: 'string' } })), []);
    const main = { type: 'boolean' };
    const items = { type: 'object', required: ['main'], properties: { main, title: { type: 'string' } } };
    assert.deepEqual(breaches(changed({ posts: { type: 'array', items } })), []);
  });

  it('is broken by a property that is gone', () => {
    assert.deepEqual(breaches(changed({ grade: undefined })), ['property-removed /properties/grade']);
  });

  it('is broken by a property that must be there now: events of before have not got it', () => {
    assert.deepEqual(breaches(changed({}, { required: ['id', 'status', 'grade'] })), [
      'newly-required /required',
    ]);
    const added = changed({ note: { type: 'string' } }, { required: ['id', 'status', 'note'] });
    assert.deepEqual(breaches(added), ['newly-required /required']);
  });

  it('is broken by a property that need not be there any more: readers count on it', () => {
    assert.deepEqual(breaches(changed({}, { required: ['id'] })), ['no-longer-required /required']);
  });

  it('is broken by a narrower, a wider and another type', () => {
    for (const type of ['number', 'string', ['integer', 'null']])
      assert.deepEqual(breaches(changed({ grade: { type, minimum: 1, maximum: 16 } })), [
        'type-changed /properties/grade',
      ]);
    const wide = compareSchemas({ type: ['string', 'null'] }, { type: 'string' });
    assert.deepEqual(
      wide.map(({ kind }) => kind),
      ['type-changed'],
    );
  });

  it('is broken by a value that may not come any more: it stands in events of before', () => {
    const status = { type: 'string', enum: ['active'] };
    assert.deepEqual(breaches(changed({ status })), ['values-removed /properties/status']);
    const id = { type: 'string', format: 'uuid', enum: ['a'] };
    assert.deepEqual(breaches(changed({ id })), ['values-removed /properties/id']);
  });

  it('is broken by a value that readers do not know', () => {
    const status = { type: 'string', enum: ['active', 'left', 'suspended'] };
    assert.deepEqual(breaches(changed({ status })), ['values-added /properties/status']);
    assert.deepEqual(breaches(changed({ gone: { type: 'boolean' } })), ['values-added /properties/gone']);
  });

  it('is broken by another limit, format or pattern, tighter or looser', () => {
    assert.deepEqual(breaches(changed({ grade: { type: 'integer', minimum: 1, maximum: 12 } })), [
      'keyword-changed /properties/grade/maximum',
    ]);
    assert.deepEqual(breaches(changed({ grade: { type: 'integer', minimum: 1 } })), [
      'keyword-changed /properties/grade/maximum',
    ]);
    assert.deepEqual(breaches(changed({ id: { type: 'string', format: 'uuid', pattern: '^a' } })), [
      'keyword-changed /properties/id/pattern',
    ]);
  });

  it('is broken by an alternative more, less or other', () => {
    assert.deepEqual(breaches(changed({ parent: { anyOf: [{ type: 'string' }] } })), [
      'alternatives-changed /properties/parent/anyOf',
    ]);
    assert.deepEqual(breaches(changed({ parent: { anyOf: [{ type: 'integer' }, { type: 'null' }] } })), [
      'type-changed /properties/parent/anyOf/0',
    ]);
  });

  it('is broken by what changes inside a list', () => {
    const items = { type: 'object', required: ['main'], properties: { main: { type: 'string' } } };
    assert.deepEqual(breaches(changed({ posts: { type: 'array', items } })), [
      'type-changed /properties/posts/items/properties/main',
    ]);
    assert.deepEqual(breaches(changed({ posts: { type: 'array' } })), [
      'keyword-changed /properties/posts/items',
    ]);
  });

  it('is broken when it is closed, and by a keyword that this comparison does not know', () => {
    assert.deepEqual(breaches(changed({}, { additionalProperties: false })), [
      'keyword-changed /additionalProperties',
    ]);
    assert.deepEqual(breaches(changed({}, { not: {} })), ['keyword-changed /not']);
  });
});
