import type { Call, Handlers } from '#hub/platform/calls.ts';
import type { Config } from '#hub/platform/config.ts';
import type { Database } from '#hub/platform/database.ts';
import type { EventTail } from '#hub/platform/events/event-tail.ts';
import type { EventViewers } from '#hub/platform/events/event-viewers.ts';
import type { Mount } from '#hub/platform/http/mount.ts';
import type { Route } from '#hub/platform/http/route.ts';
import type { Log } from '#hub/platform/log.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import type { Wake } from '#hub/platform/wake.ts';

/** NATS as this process reaches it. */
export interface NatsAccess {
  /** See `readNatsUrl`. */
  url: string;
  /** Where the server reads the apps' accounts; absent: they are not ours to write. */
  usersFile?: string | undefined;
  /** Makes the server read its settings again; absent: whoever runs it does that. */
  reload?(): void;
}

/** What a part is given. It reaches the rest of the world through nothing else. */
export interface PartContext {
  db: Database;
  call: Call;
  log: Log;
  config: Config;
  wake: Wake;
  /** The end of the event log, shared by all readers of this process. */
  tail: EventTail;
  /** Who may see what of the log, for all channels of this process. */
  viewers: EventViewers;
  secrets: Secrets;
  /** Absent: this hub runs without NATS. */
  nats?: NatsAccess | undefined;
}

/**
 * One part of the hub, made by the default export of `<part>.service.ts`. `start` begins background work
 * and resolves when the part is ready; `stop` finishes what is under way (bounded) and begins nothing new.
 */
export interface Part {
  name: string;
  actions: Partial<Handlers<string>>;
  routes?: Route[];
  /** Addresses that a server of another making answers. */
  mounts?: Mount[];
  start?(): Promise<void>;
  stop?(): Promise<void>;
}
export type CreatePart = (context: PartContext) => Part;
