import assert from 'node:assert/strict';
import { allowsService, isOwnCallback } from '#sso/cas/match-service.ts';

describe('A CAS service is an app’s', () => {
  const cases: [entry: string, service: string, allowed: boolean, why: string][] = [
    ['https://a.b/app', 'https://a.b/app', true, 'it is the address that was registered'],
    ['https://a.b/app', 'https://a.b/app/', false, 'nothing is normalised'],
    ['https://a.b/app', 'https://a.b/app?x=1', false, 'an exact entry is exact'],
    ['https://a.b/app', 'https://A.b/app', false, 'case is not folded'],
    ['https://a.b/app', 'http://a.b/app', false, 'the scheme belongs to it'],
    ['https://a.b/*', 'https://a.b/', true, 'the prefix itself'],
    ['https://a.b/*', 'https://a.b/x?y=z', true, 'below the prefix'],
    ['https://a.b/x?*', 'https://a.b/x?y=/../z', false, 'a way up anywhere'],
    ['http://a.b*', 'http://a.b/', false, 'a prefix without the slash after the host allows nothing'],
    ['http://a.b*', 'http://a.b.evil/', false, 'another host begins alike'],
    ['http://a.b*', 'http://a.b@evil/', false, 'user information begins alike'],
    ['http://*', 'http://evil/', false, 'a prefix without a host allows nothing'],
    ['http://a.b:8*', 'http://a.b:80/', false, 'nor one that ends in a port'],
    ['*', 'https://a.b/', false, 'nor all'],
    ['https://a.b/*', 'https://a.b@evil/', false, 'user information'],
    ['https://a.b/*', 'https://a.b/\\evil', false, 'a backslash'],
    ['https://a.b/*', 'https://a.b/\t/x', false, 'a tab, which browsers drop'],
    ['https://a.b/*', 'https://a.b/\r\nset-cookie: x', false, 'a line break'],
    ['https://a.b/*', 'https://a.b/\0', false, 'NUL'],
    ['https://a.b/app/*', 'https://a.b/app/../other', false, 'a browser would leave the prefix'],
    ['https://a.b/app/*', 'https://a.b/app/%2E%2e/other', false, 'the same, hidden'],
    ['https://a.b/app/*', 'https://a.b/app/v1..2/x', true, 'two dots in a name lead nowhere'],
    ['https://a.b/*', `https://a.b/${'x'.repeat(2000)}`, false, 'too long'],
    ['https://a.b/*', 'javascript:alert(1)//https://a.b/', false, 'another scheme'],
  ];
  for (const [entry, service, allowed, why] of cases)
    it(`${allowed ? 'when' : 'never when'} it reads ${JSON.stringify(service.slice(0, 40))} for ${entry}: ${why}`, () => {
      assert.equal(allowsService(entry, service), allowed);
    });

  it('and a proxy callback when it is on a host that the app has registered', () => {
    const services = ['https://a.b/app*', 'http://c.d:81/x'];
    assert.equal(isOwnCallback(services, 'https://a.b/pgt?x=1'), true);
    assert.equal(isOwnCallback(services, 'http://c.d:81/'), true);
    for (const foreign of [
      'https://evil/pgt',
      'http://a.b/pgt',
      'https://a.b.evil/',
      'https://a.b@evil/',
      'https://a.b:444/',
      'http://169.254.169.254/',
      'file:///etc/passwd',
      'nonsense',
    ])
      assert.equal(isOwnCallback(services, foreign), false, foreign);
  });
});
