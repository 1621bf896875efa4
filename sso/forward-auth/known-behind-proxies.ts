import type { Call } from '#hub/platform/calls.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { App } from '#schemas/app.ts';
import type { Staff } from '#schemas/staff.ts';
import { rememberBriefly } from '#sso/remember-briefly.ts';

/** A page asks for many things at once: the register answers once a second for all of them. */
const ms = 1_000;

/** The apps and people that sub-requests ask about, at most a second old. */
export const createKnownBehindProxies = (call: Call) => {
  const apps = rememberBriefly(ms, () => call('apps.list', {}));
  const staff = rememberBriefly(ms, async (id): Promise<Staff | undefined> => {
    const found = await call('staff.get', { id }).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'unknown-staff') return undefined;
      throw error;
    });
    return found?.status === 'active' ? found : undefined;
  });
  return {
    /** The app that people see at this origin. */
    appAt: async (origin: string): Promise<App | undefined> =>
      (await apps('')).find(
        ({ enabled, signOn }) =>
          enabled && signOn?.forwardAuth?.origins.some(url => new URL(url).origin === origin) === true,
      ),
    /** The person, when in service. */
    activePerson: staff,
  };
};
export type KnownBehindProxies = ReturnType<typeof createKnownBehindProxies>;
