import assert from 'node:assert/strict';
import { createMapping, type Mapping } from '#hub/provisioning/evaluate-mapping.ts';

describe('Mapping expressions', () => {
  let mapping: Mapping;
  before(() => {
    mapping = createMapping();
  });
  after(() => mapping.stop());

  it('give text and numbers by name, and leave out what has no result', async () => {
    const answers = await mapping.evaluate(
      { HoTenDayDu: 'name & " – " & unitName', grade: 'grade + 1', Missing: 'phone' },
      [
        { name: 'Nguyễn Văn An', unitName: 'Sở Nội vụ', grade: 3 },
        { name: 'Lê Bình', unitName: 'Huế', grade: 1 },
      ],
    );
    assert.deepEqual(answers, [
      { values: { HoTenDayDu: 'Nguyễn Văn An – Sở Nội vụ', grade: 4 } },
      { values: { HoTenDayDu: 'Lê Bình – Huế', grade: 2 } },
    ]);
  });

  it('fail by name when the result is no text and no number, or is too long', async () => {
    const [object] = await mapping.evaluate({ Bad: '{"a": name}' }, [{ name: 'x' }]);
    assert.deepEqual(object, { failed: 'Bad', reason: 'the result is neither text nor a number' });
    const [long] = await mapping.evaluate({ Long: '$pad(name, 2000)' }, [{ name: 'x' }]);
    assert.deepEqual(long, { failed: 'Long', reason: 'the result is longer than 1000 characters' });
  });

  it('fail without telling a person’s data when the expression is wrong', async () => {
    const [answer] = await mapping.evaluate({ Sum: 'name + 1' }, [{ name: 'Nguyễn Văn An' }]);
    assert.equal((answer as { failed: string }).failed, 'Sum');
    assert.doesNotMatch(JSON.stringify(answer), /Nguyễn/);
    const [syntax] = await mapping.evaluate({ Sum: '(((' }, [{}]);
    assert.equal((syntax as { failed: string }).failed, 'Sum');
  });

  it('cannot loop for ever, neither in JSONata nor in a regular expression, and spoil nobody else', async () => {
    const [loop] = await mapping.evaluate({ Loop: '($f := function($x){$f($x + 1)}; $f(0))' }, [{}]);
    assert.equal((loop as { failed: string }).failed, 'Loop');
    const answers = await mapping.evaluate({ Hang: '$contains(name, /^(a+)+$/) ? "yes" : "no"' }, [
      { name: 'aaa' },
      { name: `${'a'.repeat(60)}!` },
      { name: 'b' },
    ]);
    assert.deepEqual(answers[0], { values: { Hang: 'yes' } });
    assert.equal((answers[1] as { failed: string }).failed, 'mapping');
    assert.deepEqual(answers[2], { values: { Hang: 'no' } });
  });

  it('have no way to the process, the network or the file system', async () => {
    for (const text of ['$process', '$require("fs")', '$fetch("http://localhost")', '$constructor']) {
      const [answer] = await mapping.evaluate({ X: text }, [{}]);
      assert.ok('failed' in answer! || !('X' in answer!.values), `${text} gave ${JSON.stringify(answer)}`);
    }
  });
});
