import assert from 'node:assert/strict';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Staff } from '#schemas/staff.ts';
import type { Client } from './call-hub.ts';
import { compareLinks, compareRegisterAndApps, readRegister } from './compare-register-and-apps.ts';

/** The register by staff code. */
export const registerByCode = async (hub: Client): Promise<Map<string, Staff>> =>
  new Map((await readRegister(hub)).map(person => [person.code, person]));

/** Waits until the register shows for each of `codes` what `holds` says. */
export const waitForRegister = async (
  hub: Client,
  codes: readonly string[],
  holds: (person: Staff | undefined) => boolean,
  withinMs = 60_000,
): Promise<void> => {
  let missing = codes;
  await waitUntil(
    'the register to show every change',
    async () => {
      const people = await registerByCode(hub);
      missing = codes.filter(code => !holds(people.get(code)));
      return missing.length === 0;
    },
    { withinMs, everyMs: 200 },
  ).catch(() => assert.deepEqual(missing, []));
};

/** Waits until every app holds what the register says, but for `planted`; tells what differs if it does not. */
export const waitUntilInStep = async (
  hub: Client,
  planted: ReadonlySet<string>,
  { withinMs = 60_000, apps }: { withinMs?: number; apps?: string[] } = {},
): Promise<void> => {
  let news: string[] = [];
  await waitUntil(
    'the apps to be in step with the register',
    async () => {
      news = (await compareRegisterAndApps(hub, apps)).filter(difference => !planted.has(difference));
      return news.length === 0;
    },
    { withinMs, everyMs: 250 },
  ).catch(() => assert.deepEqual(news.slice(0, 20), []));
};

/** Waits until what the hub says of these people's accounts is what the apps hold. */
export const waitForLinks = async (hub: Client, codes: readonly string[]): Promise<void> => {
  let differences: string[] = [];
  await waitUntil(
    'the hub to know every account',
    async () => {
      differences = await compareLinks(hub, codes);
      return differences.length === 0;
    },
    { withinMs: 20_000, everyMs: 250 },
  ).catch(() => assert.deepEqual(differences.slice(0, 20), []));
};

/** One step up exactly, since `before`: a change that was applied twice would show. */
export const raisedOnce =
  (before: ReadonlyMap<string, Staff>) =>
  (person: Staff | undefined): boolean =>
    person !== undefined && person.coefficient === Math.min(1000, before.get(person.code)!.coefficient! + 33);

/** Who was moved since `before`. */
export const movedSince =
  (before: ReadonlyMap<string, Staff>) =>
  (person: Staff | undefined): boolean =>
    person !== undefined && person.unitCode !== before.get(person.code)!.unitCode;

/** How many of `codes` an app shows otherwise than `before`. */
export const countArrived = async (
  hub: Client,
  app: string,
  codes: readonly string[],
  before: ReadonlyMap<string, Staff>,
): Promise<number> => {
  const wanted = new Set(codes);
  return (await hub.holds(app)).filter(
    ({ code, unitName, coefficient }) =>
      wanted.has(code) &&
      (unitName !== before.get(code)!.unitName ||
        (coefficient !== undefined && coefficient !== before.get(code)!.coefficient)),
  ).length;
};
