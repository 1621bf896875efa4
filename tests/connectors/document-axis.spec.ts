import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { axisFileHash, axisTime, signHeaders } from '#connectors/document-axis/sign-headers.ts';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { type LoadedConnector, loadConnector } from '#connectors/kit/load-connector.ts';
import type { StartedForContract } from '#sandbox/kit/started-for-contract.ts';
import { startSandbox } from '#tests/connectors/start-sandbox.ts';
import { readSample, spoilSample } from '#tests/edxml/make-package.ts';

const outside = '000.00.09.H17';

describe('connector document-axis', () => {
  let started: StartedForContract;
  let loaded: LoadedConnector;
  before(async () => {
    started = await startSandbox('document-axis');
    loaded = await loadConnector('document-axis', started.settings);
  });
  after(async () => {
    await loaded?.instance.close?.();
    await started?.app.stop();
  });
  const context = () => ({ signal: AbortSignal.timeout(5_000) });
  const port = () => loaded.instance.ports.documentAxis!;
  const parcel = {
    kind: 'document',
    from: '000.00.01.H57',
    package: readSample('edoc_new').toString(),
  } as const;

  it('sends a package, and takes, byte for byte, what came in answer; what is acknowledged comes no more', async () => {
    await port().send({ ...parcel, to: [outside] }, context());
    const { items } = await port().list({ kind: 'status' }, context());
    assert.equal(items.length, 2);
    const { base64 } = await port().fetch({ docId: items[0]!.docId }, context());
    assert.match(Buffer.from(base64, 'base64').toString(), /<StatusCode>01</);
    for (const { docId } of items) await port().acknowledge({ docId, outcome: 'done' }, context());
    assert.deepEqual((await port().list({ kind: 'status' }, context())).items, []);
  });

  it('says by which of the axis’s codes something is refused', async () => {
    const refused = (code: string) => (error: unknown) =>
      error instanceof ConnectorError && error.code === 'refused' && error.vendorCode === code;
    await assert.rejects(port().send({ ...parcel, to: ['H99.01'] }, context()), refused('18'));
    await assert.rejects(port().send({ ...parcel, from: 'H17', to: [outside] }, context()), refused('19'));
    const bad = spoilSample('edoc_new', /<edXML:From>[\s\S]*<\/edXML:From>/, '').toString();
    await assert.rejects(port().send({ ...parcel, package: bad, to: [outside] }, context()), refused('22'));
  });

  it('signs the headers in their order; one that was changed on the way is refused', async () => {
    const { systemId, secret } = started.settings as { systemId: string; secret: string };
    const now = new Date('2026-03-01T17:04:05.006Z');
    const headers = signHeaders({ messagetype: 'edoc' }, { systemId, secret, now });
    assert.equal(headers['XroadVnpt-timestamp'], '02032026T000405+0006');
    assert.equal(headers['XroadVnpt-sign-header-key'], 'systemid;timestamp;servicetype;messagetype');
    const ask = async (changed: object): Promise<unknown> => {
      const init = { method: 'POST', headers: { ...headers, ...changed } };
      return (
        (await (await fetch(`${started.app.origin}/getReceivedEdocList`, init)).json()) as {
          ErrorCode: string;
        }
      ).ErrorCode;
    };
    assert.equal(await ask({}), '0');
    assert.equal(await ask({ 'XroadVnpt-messagetype': 'status' }), '15');
    assert.equal(await ask({ 'XroadVnpt-hash-header': '00' }), '15');
  });

  it('prints time and hash as the reference SDK does', () => {
    assert.equal(axisTime(new Date('2026-11-29T02:10:00.123Z')), '29112026T091000+0123');
    const hex = createHash('sha256').update('a').digest('hex');
    const short = hex.replace(/../g, pair => pair.replace(/^0(?=.)/, ''));
    assert.equal(axisFileHash('a'), short);
  });
});
