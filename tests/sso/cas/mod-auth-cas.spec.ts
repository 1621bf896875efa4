import assert from 'node:assert/strict';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { createBrowse } from '#tests/sso/browse.ts';
import { startApache } from '#tests/sso/cas/start-apache.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

const ways = [
  { name: 'serviceValidate', directives: 'CASValidateURL {hub}/cas/serviceValidate', attributes: false },
  {
    name: 'samlValidate',
    directives: 'CASValidateURL {hub}/cas/samlValidate\nCASValidateSAML On',
    attributes: true,
  },
];

describe('Apache with mod_auth_cas, a CAS client that this project did not write', () => {
  let signOn: SignOn;
  let person: Person;
  let apache: Awaited<ReturnType<typeof startApache>>;
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire();
  });
  afterEach(() => apache.stop());
  after(() => signOn.stop());

  for (const { name, directives, attributes } of ways)
    it(`lets staff in by ${name}${attributes ? ' with their attributes' : ''}, and nobody who signed out at the hub`, async () => {
      apache = await startApache(
        `CASLoginURL ${signOn.origin}/cas/login\n${directives.replace('{hub}', signOn.origin)}`,
      );
      await signOn.app('apache', {
        attributes: ['username', 'code'],
        signOn: { cas: { services: [`${apache.origin}/secret/*`] } },
      });
      const browse = createBrowse();
      const page = `${apache.origin}/secret/page.txt?q=Hu%E1%BA%BF&n=1`;
      const form = await browse.open(page);
      assert.match(form.text, /type="password"/);
      const { username, password } = person;
      const inside = await browse.submit(form, { username, password });
      assert.equal(inside.url, page);
      assert.equal(inside.text, 'for staff only');
      assert.equal(inside.headers.get('x-user'), person.username);
      assert.equal(inside.headers.get('x-staff-code'), attributes ? person.code : '');
      assert.equal((await browse.open(page)).text, 'for staff only');

      await browse.open(`${signOn.origin}/cas/logout`);
      await waitUntil(
        'the session at Apache is over',
        async () => /type="password"/.test((await browse.open(page)).text),
        { withinMs: 20_000 },
      );
    });
});
