import { sql } from 'kysely';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { NoticeRow } from '#sso/leaving/notice-store.ts';
import { type LogoutReceiver, startLogoutReceiver } from '#tests/sso/logout-receiver.ts';
import { type OpenedByOpenId, registerApp } from '#tests/sso/open-apps.ts';
import { noticesOf } from '#tests/sso/session-facts.ts';
import type { Person, SignOn } from '#tests/sso/start-sign-on.ts';

export const within = { withinMs: 30_000 };
export const isTold = ({ state }: NoticeRow): boolean => state === 'told';
export const hasFailed = ({ lastError }: NoticeRow): boolean => lastError !== null;

/** An app with a client, and the address where it hears of sign-outs. */
export interface ToldApp {
  app: OpenedByOpenId;
  receiver: LogoutReceiver;
}

/** Apps that are told of sign-outs, and what the hub knows of it. */
export interface ToldApps {
  newApp(answer?: LogoutReceiver['answer'], more?: Parameters<typeof registerApp>[2]): Promise<ToldApp>;
  /** Waits until the notice to an app about a person is as wanted. */
  notice(
    app: OpenedByOpenId,
    person: Person,
    what: string,
    is: (row: NoticeRow) => boolean,
  ): Promise<NoticeRow>;
  /** The next attempt is made now. */
  makeDue(person: Person): Promise<void>;
  stop(): Promise<void>;
}

export const createToldApps = (signOn: SignOn): ToldApps => {
  const receivers: LogoutReceiver[] = [];
  const { db, context } = signOn.hub;
  return {
    async newApp(answer = 200, more = {}) {
      const receiver = await startLogoutReceiver(signOn.origin, { answer });
      receivers.push(receiver);
      const id = `app-${receivers.length}`;
      return {
        app: await registerApp(signOn, id, { backchannelLogoutUri: receiver.uri, ...more }),
        receiver,
      };
    },
    notice: ({ clientId }, person, what, is) =>
      waitUntil(
        what,
        async () => (await noticesOf(db, person.id)).find(row => row.clientId === clientId && is(row)),
        within,
      ),
    async makeDue({ id }) {
      await sql`update sign_out_notice set due_at = now() where staff_id = ${id} and state = 'waiting'`.execute(
        db,
      );
      context.wake.notify('sign-outs');
    },
    async stop() {
      await Promise.all(receivers.map(receiver => receiver.stop()));
    },
  };
};
