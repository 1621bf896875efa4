import { randomBytes } from 'node:crypto';
import type { Database } from '#hub/platform/database.ts';
import type { AppPass } from '#sso/forward-auth/app-cookie.ts';
import { consumeRecord, findRecord, putRecords } from '#sso/provider/oidc-records-store.ts';
import { sha256, sha256Text } from '#sso/sha-256.ts';

/** Somebody on the way from the sign-in to an app. */
export interface Entry extends AppPass {
  /** Where in the app they were going. */
  path: string;
  /** SHA-256 of the secret that the browser holds at the app: a code is of no use in another browser. */
  browser: string;
}

const model = 'ForwardAuthCode';
const seconds = 30;

export const digest = (text: string): string => sha256Text(text);
const idOf = (code: string): Buffer => sha256(code);

/** Carries a sign-in from the hub's origin to the app's. */
export const createEntryCodes = (db: Database) => ({
  /** A code for one entry, good for 30 seconds. */
  async make(entry: Entry): Promise<string> {
    const code = randomBytes(32).toString('base64url');
    await putRecords(db, [
      {
        model,
        idHash: idOf(code),
        payload: { ...entry, accountId: entry.staffId },
        sealedId: undefined,
        userCodeHash: undefined,
        expiresIn: seconds,
      },
    ]);
    return code;
  },
  /** What a code is for, when it is taken to this origin by the browser that it was made for; of many at once one wins. */
  async take(code: string, origin: string, browser: string): Promise<Entry | undefined> {
    const found = await findRecord(db, model, idOf(code));
    const entry = found?.payload as unknown as Entry | undefined;
    if (entry?.origin !== origin || entry.browser !== browser) return undefined;
    return (await consumeRecord(db, model, idOf(code))) ? entry : undefined;
  },
});
export type EntryCodes = ReturnType<typeof createEntryCodes>;
