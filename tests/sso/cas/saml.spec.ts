import assert from 'node:assert/strict';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { createBrowse } from '#tests/sso/browse.ts';
import { type CasApp, startCasApp } from '#tests/sso/cas/start-cas-app.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

describe('A CAS app that asks in SAML 1.1', () => {
  let signOn: SignOn;
  let person: Person;
  let app: CasApp;
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire();
    app = await startCasApp(signOn, 'dotnet', { attributes: ['name'] });
  });
  after(async () => {
    await app.stop();
    await signOn.stop();
  });
  const envelope = (artifact: string, before = '') =>
    `${before}<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Header/><SOAP-ENV:Body><samlp:Request xmlns:samlp="urn:oasis:names:tc:SAML:1.0:protocol" MajorVersion="1" MinorVersion="1"><samlp:AssertionArtifact>${artifact}</samlp:AssertionArtifact></samlp:Request></SOAP-ENV:Body></SOAP-ENV:Envelope>`;
  const ask = async (body: string, target = app.service) => {
    const answer = await fetch(
      `${signOn.origin}/cas/samlValidate?${new URLSearchParams({ TARGET: target })}`,
      { method: 'POST', headers: { 'content-type': 'text/xml' }, body },
    );
    const text = await answer.text();
    assert.equal(XMLValidator.validate(text), true);
    const parser = new XMLParser({ removeNSPrefix: true, ignoreAttributes: false, parseTagValue: false });
    return parser.parse(text).Envelope.Body.Response;
  };
  const codeOf = (response: { Status: { StatusCode: { '@_Value': string } } }): string =>
    response.Status.StatusCode['@_Value'];

  it('names its service TARGET, gets the ticket as SAMLart, and learns who it is from the assertion', async () => {
    const browse = createBrowse([app.origin]);
    const target = new URLSearchParams({ TARGET: app.service });
    const form = await browse.open(`${signOn.origin}/cas/login?${target}`);
    const { username, password } = person;
    const came = await browse.submit(form, { username, password });
    const artifact = new URL(came.url).searchParams.get('SAMLart')!;
    const response = await ask(envelope(artifact));
    assert.equal(codeOf(response), 'samlp:Success');
    const { Assertion } = response;
    assert.equal(Assertion.AuthenticationStatement.Subject.NameIdentifier, person.username);
    assert.equal(Assertion.Conditions.AudienceRestrictionCondition.Audience, app.service);
    const told = Object.fromEntries(
      Assertion.AttributeStatement.Attribute.map((one: Record<string, string>) => [
        one['@_AttributeName'],
        one.AttributeValue,
      ]),
    );
    assert.equal(told.name, person.name);
    assert.equal(told.staff_code, undefined, 'not entitled');
    assert.equal(codeOf(await ask(envelope(artifact))), 'samlp:RequestDenied', 'once');
  });

  it('is refused when there is no ticket in what it sends', async () => {
    const entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>';
    for (const body of ['', 'nonsense', '<a>', envelope(''), envelope('ST-0'), envelope('&e;', entity)])
      assert.equal(codeOf(await ask(body, 'http://x/"<&')), 'samlp:RequestDenied', body);
  });
});
