import assert from 'node:assert/strict';
import { checkXml } from '#connectors/kit/check-xml.ts';
import { ConnectorError } from '#connectors/kit/errors.ts';

const refused = (xml: string): void =>
  assert.throws(
    () => checkXml(xml, 10),
    (error: unknown) => error instanceof ConnectorError && error.code === 'unexpected-answer',
  );

describe('the look at XML before it is parsed', () => {
  it('names the root element, whatever stands before it', () => {
    assert.equal(checkXml('<?xml version="1.0"?><!-- <a> --><s:Envelope x="1>2"/>', 10), 'Envelope');
    assert.equal(checkXml("<Envelope><a b='\"'/></Envelope>", 10), 'Envelope');
  });

  it('counts depth by open elements only', () => {
    assert.equal(checkXml(`<r>${'<a/><b></b>'.repeat(100)}</r>`, 2), 'r');
    assert.equal(checkXml(`${'<a>'.repeat(10)}${'</a>'.repeat(10)}`, 10), 'a');
    refused(`${'<a>'.repeat(11)}${'</a>'.repeat(11)}`);
  });

  it('lets ordinary ids and links pass', () => {
    assert.equal(checkXml('<r id="12"><a href="#id0"/><b valid="&amp;"/></r>', 10), 'r');
  });

  it('refuses what does not end', () => {
    for (const xml of ['<a', '<a b="', '<!-- ', '<r><![CDATA[ ', '<?xml ', '<!', 'text']) refused(xml);
  });

  it('needs time in proportion to the length, whatever the text', () => {
    const hostile = ['<', '<a "', '<"', '<!--', '<![CDATA[', `<a b="'`, '<a id="'];
    for (const piece of hostile) {
      const xml = `<r>${piece.repeat(300_000)}`;
      const started = performance.now();
      refused(xml);
      assert.ok(performance.now() - started < 1000, piece);
    }
    const attributes = `<r ${'id="1" '.repeat(200_000)}/>`;
    const started = performance.now();
    assert.equal(checkXml(attributes, 10), 'r');
    assert.ok(performance.now() - started < 1000);
  });
});
