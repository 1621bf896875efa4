import type { Call } from '#hub/platform/calls.ts';
import { rememberBriefly } from '#hub/platform/remember-briefly.ts';
import type { App } from '#schemas/app.ts';
import type { StaffRole } from '#schemas/sign-on.ts';
import type { StaffAccount } from '#schemas/staff.ts';
import { bridgeClient } from '#sso/bridge/own-clients.ts';
import type { OwnClients } from '#sso/provider/find-client.ts';

/** A page asks for many things at once: the register answers once a second for all of them. */
const ms = 1_000;

/** The apps and people that sub-requests ask about, and what they may, at most a second old. */
export const createKnownBehindProxies = ({
  call,
  clientOf,
  rolesOf,
}: {
  call: Call;
  clientOf: OwnClients;
  rolesOf(staffId: string): Promise<StaffRole[]>;
}) => {
  const apps = rememberBriefly(ms, () => call('apps.list', {}));
  const staff = rememberBriefly(ms, async (id): Promise<StaffAccount | undefined> => {
    const found = await call('staff.account', { id });
    return found?.status === 'active' ? found : undefined;
  });
  return {
    /** The app that people see at this origin. */
    appAt: async (origin: string): Promise<App | undefined> =>
      (await apps('')).find(
        ({ enabled, signOn }) =>
          enabled && signOn?.forwardAuth?.origins.some(url => new URL(url).origin === origin) === true,
      ),
    /** The client by which people sign in to an app. */
    clientOfApp: rememberBriefly(ms, appId => clientOf(bridgeClient('forward-auth', appId))),
    /** The person, when in service. */
    activePerson: staff,
    rolesOf: rememberBriefly(ms, rolesOf),
  };
};
export type KnownBehindProxies = ReturnType<typeof createKnownBehindProxies>;
