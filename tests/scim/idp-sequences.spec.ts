import assert from 'node:assert/strict';
import { type Client, filtered, patchOf, type ScimHub, startScim, urns } from '#tests/scim/start-scim.ts';

/** Requests as identity providers send them, deviations from the RFCs and all. */
describe('SCIM clients in the wild', () => {
  let scim: ScimHub;
  let hr: Client;
  let mail: Client;
  before(async () => {
    scim = await startScim();
    hr = await scim.clientOf('hr');
    mail = await scim.clientOf('mail');
  });
  after(() => scim.stop());

  const newUser = (code: string, more: Record<string, unknown> = {}) => ({
    schemas: [urns.user, urns.enterprise],
    userName: `${code}@example.com`,
    externalId: `ext-${code}`,
    name: { givenName: 'An', familyName: 'Nguyễn Văn' },
    active: true,
    [urns.enterprise]: { employeeNumber: code },
    ...more,
  });

  describe('Microsoft Entra', () => {
    let id: string;
    it('tests the connection with a user name that nobody has', async () => {
      const probe = await hr('GET', filtered('userName eq "8d3ac6a0-non-existing"'));
      assert.equal(probe.status, 200);
      assert.equal(probe.body.totalResults, 0);
    });
    it('looks for the person, makes them, and finds them by its own key', async () => {
      assert.equal((await hr('GET', filtered('externalId eq "ext-e1"'))).body.totalResults, 0);
      const made = await hr('POST', '/Users', {
        ...newUser('e1'),
        displayName: 'An Nguyễn',
        emails: [{ primary: true, type: 'work', value: 'e1@example.com' }],
        roles: ['{"id":"1","value":"1"}'],
        addresses: [{ type: 'work', formatted: 'x' }],
      });
      assert.equal(made.status, 201);
      assert.equal(made.body.displayName, 'Nguyễn Văn An');
      assert.equal(made.body.emails[0].value, 'e1@example.com');
      id = made.body.id;
      assert.equal((await hr('GET', filtered('externalId eq "ext-e1"'))).body.Resources[0].id, id);
    });
    it('patches with capital verbs, "False" as text, dotted keys and keys with URNs, all in one', async () => {
      const { status, body } = await hr(
        'PATCH',
        `/Users/${id}?aadOptscim062020`,
        patchOf(
          { op: 'Replace', path: 'active', value: 'False' },
          { op: 'Add', path: 'name.givenName', value: 'Ánh' },
          {
            op: 'Replace',
            value: {
              'name.familyName': 'Lê',
              'name.middleName': 'Thị',
              [`${urns.enterprise}:department`]: 'Thành phố Huế',
              title: 'Chuyên viên',
            },
          },
        ),
      );
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(body.active, false);
      assert.equal(body.displayName, 'Lê Thị Ánh');
      assert.equal(body[urns.enterprise].department, 'Thành phố Huế');
      assert.equal(body.title, 'Chuyên viên');
      assert.equal((await scim.hub.call('staff.get', { id })).status, 'suspended');
    });
    it('sends a manager as a bare text, and attributes that are not kept: passed over, no new version', async () => {
      const { body: before } = await hr('GET', `/Users/${id}`);
      const { status, body } = await hr(
        'PATCH',
        `/Users/${id}`,
        patchOf(
          { op: 'Add', path: `${urns.enterprise}:manager`, value: 'f00d' },
          { op: 'Add', path: 'addresses[type eq "work"].streetAddress', value: '1' },
          { op: 'Replace', path: 'preferredLanguage', value: 'vi' },
        ),
      );
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(body.meta.version, before.meta.version);
    });
    it('replaces a work address that is not there: it is made', async () => {
      const made = (await hr('POST', '/Users', newUser('e2'))).body;
      const path = `/Users/${made.id}`;
      const { body } = await mail(
        'PATCH',
        path,
        patchOf({ op: 'Replace', path: 'emails[type eq "work"].value', value: 'e2@example.com' }),
      );
      assert.deepEqual(body.emails, [{ value: 'e2@example.com', type: 'work', primary: true }]);
      const removed = await mail(
        'PATCH',
        path,
        patchOf({ op: 'Remove', path: 'emails', value: [{ value: 'e2@example.com' }] }),
      );
      assert.equal(removed.status, 200);
      assert.equal(removed.body.emails, undefined);
      assert.equal((await scim.hub.call('staff.get', { id: made.id })).email, undefined);
    });
    it('takes "True" to bring somebody back', async () => {
      const { body } = await hr(
        'PATCH',
        `/Users/${id}`,
        patchOf({ op: 'Replace', path: 'active', value: 'True' }),
      );
      assert.equal(body.active, true);
    });
  });

  describe('Okta', () => {
    let id: string;
    it('probes, looks by user name, and makes', async () => {
      assert.equal((await hr('GET', '/Users?startIndex=1&count=2')).status, 200);
      assert.equal(
        (await hr('GET', filtered('userName eq "o1@example.com"', '&startIndex=1&count=100'))).body
          .totalResults,
        0,
      );
      const made = await hr('POST', '/Users', {
        ...newUser('o1'),
        locale: 'en-US',
        groups: [],
        password: '1mz050nq',
        emails: [{ primary: true, value: 'o1@example.com', type: 'work' }],
      });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      id = made.body.id;
    });
    it('puts the whole resource; one without active neither takes back nor lets go', async () => {
      const off = await hr('PATCH', `/Users/${id}`, patchOf({ op: 'replace', value: { active: false } }));
      assert.equal(off.status, 200);
      assert.equal(off.body.active, false);
      const { active: _active, ...rest } = off.body;
      const put = await hr('PUT', `/Users/${id}`, { ...rest, displayName: 'Nguyễn Văn Bảo' });
      assert.equal(put.status, 200, JSON.stringify(put.body));
      assert.equal(put.body.active, false);
      assert.equal(put.body.displayName, 'Nguyễn Văn Bảo');
    });
    it('puts its own user name and address with the rest: those of others are passed over, as in a stale copy', async () => {
      const { body } = await hr('GET', `/Users/${id}`);
      const put = await hr('PUT', `/Users/${id}`, {
        ...body,
        userName: 'o1@example.com',
        emails: [{ primary: true, value: 'o1@home.example', type: 'work' }],
        displayName: 'Nguyễn Văn Cảnh',
      });
      assert.equal(put.status, 200, JSON.stringify(put.body));
      assert.equal(put.body.displayName, 'Nguyễn Văn Cảnh');
      assert.deepEqual([put.body.userName, put.body.emails], [body.userName, body.emails]);
    });
    it('posts a deactivated person again: they come back, with the same id and no conflict', async () => {
      const again = await hr('POST', '/Users', newUser('o1'));
      assert.equal(again.status, 201, JSON.stringify(again.body));
      assert.equal(again.body.id, id);
      assert.equal(again.body.active, true);
      assert.equal((await hr('POST', '/Users', newUser('o1'))).status, 409);
    });
    it('posts somebody again whom it had deleted: they come back into its lists', async () => {
      assert.equal((await hr('DELETE', `/Users/${id}`)).status, 204);
      assert.equal((await hr('GET', `/Users/${id}`)).status, 404);
      const again = await hr('POST', '/Users', newUser('o1'));
      assert.equal(again.status, 201);
      assert.equal(again.body.id, id);
      assert.equal((await hr('GET', `/Users/${id}`)).body.active, true);
    });
    it('finds somebody by its own key alone when no code is given', async () => {
      await hr('PATCH', `/Users/${id}`, patchOf({ op: 'replace', value: { active: false } }));
      const { [urns.enterprise]: _code, ...bare } = newUser('o1');
      assert.equal((await hr('POST', '/Users', bare)).body.id, id);
    });
    it('replaces all members of a group: refused, units are the hub’s', async () => {
      const { id: group } = (await hr('GET', '/Groups?count=1')).body.Resources[0];
      const answer = await hr(
        'PATCH',
        `/Groups/${group}`,
        patchOf({ op: 'replace', path: 'members', value: [{ value: id }] }),
      );
      assert.deepEqual([answer.status, answer.body.scimType], [403, 'mutability']);
    });
  });

  describe('SCIM Gateway', () => {
    it('leaves schemas out of what it sends, and sends null and empty text for what it lacks', async () => {
      const { schemas: _schemas, ...bare } = newUser('g1', {
        password: null,
        title: '',
        emails: null,
        phoneNumbers: null,
        name: { givenName: 'An', familyName: 'Nguyễn', formatted: null },
      });
      const made = await hr('POST', '/Users', bare);
      assert.equal(made.status, 201, JSON.stringify(made.body));
      const Operations = [
        { op: 'replace', value: { name: { givenName: 'Bình' }, phoneNumbers: [{ value: '1' }] } },
      ];
      const changed = await hr('PATCH', `/Users/${made.body.id}`, { Operations });
      assert.equal(changed.status, 200, JSON.stringify(changed.body));
      assert.equal(changed.body.displayName, 'Nguyễn Bình');
    });
  });
});
