import assert from 'node:assert/strict';
import * as oidc from 'openid-client';
import type { UpstreamSource } from '#schemas/upstream.ts';
import { createBrowse, type Visit } from '#tests/sso/browse.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { callSignOn, type SignOnApi } from '#tests/sso/upstream/sign-on-api.ts';
import { type Directory, startDirectory } from '#tests/sso/upstream/start-directory.ts';

/** A sign-on whose people have their passwords in a directory, configured as `danh-ba`. */
export interface DirectorySignIn {
  directory: Directory;
  signOn: SignOn;
  api: SignOnApi;
  settings(): object;
  configure(id: string, more?: object): Promise<UpstreamSource>;
  signIn(username: string, password: string): Promise<Visit>;
  assertIn(page: Visit): void;
  assertRefused(page: Visit, words: RegExp): void;
  /** Somebody of the register whose only password is in the directory. */
  newcomer(uid: string, more?: { code?: string; mail?: string; password?: string }): Promise<Person>;
  auditOf(person: Person): Promise<string[]>;
  stop(): Promise<void>;
}

const callback = 'http://app.test/callback';

export const startDirectorySignIn = async (): Promise<DirectorySignIn> => {
  const directory = await startDirectory();
  const signOn = await startSignOn();
  const api = await callSignOn(signOn);
  const { clientId } = await signOn.client('portal', { redirectUris: [callback], public: true });
  const authorise = `${signOn.origin}/sso/auth?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid',
    code_challenge: await oidc.calculatePKCECodeChallenge('v'.repeat(43)),
    code_challenge_method: 'S256',
  })}`;
  const settings = (): object => ({
    url: directory.url,
    ...directory.service,
    usernameAttribute: 'uid',
    keyAttribute: 'employeeNumber',
  });
  const configure = (id: string, more: object = {}): Promise<UpstreamSource> =>
    api.put<UpstreamSource>(`sources/${id}`, {
      name: 'Danh bạ',
      key: 'code',
      enabled: true,
      migratePasswords: true,
      ldap: settings(),
      ...more,
    });
  await configure('danh-ba');
  return {
    directory,
    signOn,
    api,
    settings,
    configure,
    async signIn(username, password) {
      const browse = createBrowse(['http://app.test/']);
      return browse.submit(await browse.open(authorise), { username, password });
    },
    assertIn: page => assert.ok(page.url.startsWith(callback), page.text),
    assertRefused(page, words) {
      assert.equal(page.status, 422);
      assert.match(page.text, words);
    },
    async newcomer(uid, more = {}) {
      const person = await signOn.hire(`Trần Thị ${uid}`, { password: null });
      await directory.add({ uid, code: person.code, password: 'Trong danh bạ 1!', ...more });
      return person;
    },
    async auditOf(person) {
      const { items } = await api.get<{ items: { action: string }[] }>(
        `/api/v1/audit?object=staff/${person.id}&limit=50`,
      );
      return items.map(({ action }) => action);
    },
    async stop() {
      await signOn.stop();
      await directory.stop();
    },
  };
};
