import createApps from '#hub/apps/apps.service.ts';
import { startGateway } from '#hub/gateway/start-gateway.ts';
import createIntake from '#hub/intake/intake.service.ts';
import createScim from '#hub/scim/scim.service.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import { staffAttributes } from '#schemas/staff.ts';
import createSso from '#sso/sso.service.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';

import { readAdministrativeUnits } from '#tests/support/read-units.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

/** An answer, read. */
export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: specs look into JSON of every shape
  body: any;
  headers: Headers;
}
export interface Client {
  (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  token: string;
}

export interface ScimHub {
  hub: TestHub;
  origin: string;
  /** Units by code. */
  unit: Record<string, string>;
  /** A client of a new or known app, entitled to these attributes (all by default). */
  clientOf(app: string, options?: ClientOptions): Promise<Client>;
  stop(): Promise<void>;
}
export interface ClientOptions {
  attributes?: string[];
  unitIds?: string[];
  scopes?: string[];
}

// The citizen number never leaves the register.
const everything = Object.keys(staffAttributes).filter(name => name !== 'citizenNumber');
export const urns = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  enterprise: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  service: 'urn:lienthong:params:scim:schemas:extension:publicservice:2.0:User',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
} as const;

export const patchOf = (...Operations: unknown[]) => ({ schemas: [urns.patch], Operations });

/** Register, intake, apps, sign-on and SCIM behind a real gateway, with the units of the province. */
export const startScim = async (): Promise<ScimHub> => {
  const port = await chooseFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const hub = await createTestHub(
    [createApps, createSso, createUnits, createStaff, createIntake, createScim],
    {
      config: { port, origin },
      started: false,
    },
  );
  for (const part of hub.parts) if (part.name === 'sso') await part.start?.();
  await hub.call('units.load', { units: readAdministrativeUnits(), source: 'test', actor: 'test' });
  const unit = Object.fromEntries((await hub.call('units.list', {})).map(({ code, id }) => [code, id]));
  const gateway = await startGateway(
    hub.context,
    hub.parts.flatMap(part => part.routes ?? []),
    async () => ({ ready: true, roles: { hub: true } }),
    hub.parts.flatMap(part => part.mounts ?? []),
  );
  const clientOf = async (
    app: string,
    { attributes = everything, unitIds, scopes = ['scim', 'hr.salary'] }: ClientOptions = {},
  ): Promise<Client> => {
    await hub.call('apps.put', {
      app: {
        id: app,
        name: app,
        owner: 'test',
        enabled: true,
        entitlement: { purpose: 'test', attributes, ...(unitIds === undefined ? {} : { unitIds }) },
      },
      actor: 'test',
    });
    const made = await hub.call('apps.create-client', { appId: app, scopes, actor: 'test' });
    const granted = await fetch(`${origin}/sso/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: made.clientId,
        client_secret: made.clientSecret,
      }),
    });
    const { access_token: token } = (await granted.json()) as { access_token: string };
    const client = async (
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ): Promise<Answer> => {
      const answer = await fetch(`${origin}/scim/v2${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          'accept-language': 'en',
          ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        body: text === '' ? undefined : JSON.parse(text),
        headers: answer.headers,
      };
    };
    return Object.assign(client, { token });
  };
  return {
    hub,
    origin,
    unit,
    clientOf,
    async stop() {
      await gateway.stop();
      await hub.stop();
    },
  };
};

/** The address of a filter. */
export const filtered = (filter: string, more = ''): string =>
  `/Users?filter=${encodeURIComponent(filter)}${more}`;
