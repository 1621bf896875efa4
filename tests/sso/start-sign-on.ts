import createApps from '#hub/apps/apps.service.ts';
import { startGateway } from '#hub/gateway/start-gateway.ts';
import type { Config } from '#hub/platform/config.ts';
import type { CreatePart } from '#hub/platform/part.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import type { App } from '#schemas/app.ts';
import type { ClientSignOn } from '#schemas/sign-on.ts';
import type { SignOnSettings } from '#schemas/sign-on-settings.ts';
import createSso from '#sso/sso.service.ts';
import { createLogBook } from '#tests/http/start-edge.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';
import { readAdministrativeUnits } from '#tests/support/read-units.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

/** A person who can sign in. */
export interface Person {
  id: string;
  code: string;
  name: string;
  username: string;
  password: string;
}

export interface SignOn {
  hub: TestHub;
  origin: string;
  /** The hub's log. */
  lines: string[];
  /** Units of the province by code. */
  unit: Record<string, string>;
  /** Hires somebody, with a password unless `password` is null; in a unit when one is named. */
  hire(
    name?: string,
    options?: { password?: string | null; unitCode?: string; birthDate?: string },
  ): Promise<Person>;
  /** What HR says of a person: `left`, `suspended`, `active`. */
  setStatus(person: Person, status: 'active' | 'suspended' | 'left'): Promise<void>;
  /** Registers an app, or puts back one that a spec has changed; it may see everything unless `attributes` say less. */
  app(id: string, more?: { attributes?: string[] } & Partial<Omit<App, 'id'>>): Promise<App>;
  /** The same, and an OpenID client of it. */
  client(
    appId: string,
    signOn: Partial<ClientSignOn> & { redirectUris: string[] },
    options?: { scopes?: string[]; app?: Partial<Omit<App, 'id'>> },
  ): Promise<{ clientId: string; clientSecret: string }>;
  stop(): Promise<void>;
}

/** Cheap to hash: specs are about other things. */
const quickHash = { argon2MemoryKiB: 7168, argon2Passes: 1 };

const everything = ['name', 'username', 'email', 'code', 'unitId', 'title'];

/** Sign-on, register, units and apps behind a real gateway on a free port. */
export const startSignOn = async (
  options: {
    settings?: Partial<SignOnSettings>;
    parts?: CreatePart[];
    config?: Partial<Config>;
    /** Browsers make no passkeys for a bare address. */
    host?: '127.0.0.1' | 'localhost';
  } = {},
): Promise<SignOn> => {
  const port = await chooseFreePort();
  const origin = `http://${options.host ?? '127.0.0.1'}:${port}`;
  const hub = await createTestHub(
    [createApps, createUnits, createStaff, createSso, ...(options.parts ?? [])],
    {
      config: { port, origin, ...options.config },
      signOn: { ...quickHash, ...options.settings },
    },
  );
  const { log, lines } = createLogBook();
  const gateway = await startGateway(
    { ...hub.context, log },
    hub.parts.flatMap(part => part.routes ?? []),
    async () => ({ ready: true, roles: { sso: true } }),
    hub.parts.flatMap(part => part.mounts ?? []),
  );
  await hub.call('units.load', { units: readAdministrativeUnits(), source: 'test', actor: 'test' });
  const unit = Object.fromEntries((await hub.call('units.list', {})).map(({ code, id }) => [code, id]));
  let count = 0;

  const apply = async (code: string, name: string, more: object, staffId?: string, mainUnitId?: string) => {
    count += 1;
    const [outcome] = await hub.call('staff.apply', {
      changes: [
        {
          origin: `test/${count}`,
          ...(staffId === undefined ? {} : { staffId }),
          ...(mainUnitId === undefined ? {} : { mainUnitId }),
          record: { code, name, ...more },
        },
      ],
      source: 'test',
      actor: 'test',
    });
    if (outcome?.staffId === undefined) throw new Error(`not applied: ${JSON.stringify(outcome)}`);
    return outcome.staffId;
  };

  const app: SignOn['app'] = (id, { attributes = everything, ...more } = {}) =>
    hub.call('apps.put', {
      app: {
        id,
        name: `Ứng dụng ${id}`,
        owner: 'test',
        enabled: true,
        entitlement: { purpose: 'test', attributes },
        ...more,
      },
      actor: 'test',
    });

  return {
    hub,
    origin,
    lines,
    unit,
    async hire(name = 'Nguyễn Văn An', { password = 'Mật khẩu 1!', unitCode, birthDate } = {}) {
      const code = `CB${String(count + 1).padStart(5, '0')}`;
      const post = unitCode === undefined ? {} : { mainPosition: { unit: unitCode, title: 'Chuyên viên' } };
      const born = birthDate === undefined ? {} : { birthDate };
      const record = { status: 'active', ...post, ...born };
      const id = await apply(code, name, record, undefined, unitCode && unit[unitCode]);
      const { username } = await hub.call('staff.get', { id });
      if (password !== null) await hub.call('sso.set-password', { staffId: id, password, actor: 'test' });
      return { id, code, name, username, password: password ?? '' };
    },
    async setStatus({ id, code, name }, status) {
      await apply(code, name, { status }, id);
    },
    app,
    async client(appId, signOn, { scopes = [], app: more = {} } = {}) {
      await app(appId, more);
      return hub.call('apps.create-client', { appId, scopes, signOn, actor: 'test' });
    },
    async stop() {
      await gateway.stop();
      await hub.stop();
    },
  };
};
