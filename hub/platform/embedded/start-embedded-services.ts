import type { Log } from '#hub/platform/log.ts';
import { lockDataDirectory } from './data-directory-lock.ts';
import { type EmbeddedNats, startNats } from './nats-server.ts';
import { type EmbeddedPostgres, startPostgres } from './postgres.ts';
import { startWatchdog, type Watchdog } from './watchdog.ts';

/** What runs for us. */
export interface EmbeddedServices {
  /** Undefined when it was not wanted. */
  databaseUrl: string | undefined;
  /** Undefined when it was not wanted, or when nats-server is not to be had. */
  natsUrl: string | undefined;
  /** The apps' accounts of our own NATS server, see `EmbeddedNats`. */
  nats: Pick<EmbeddedNats, 'usersFile' | 'reload'> | undefined;
  /** For further processes that must not outlive us. */
  watchdog: Watchdog;
  /** Resolves when one of the servers has ended: without it this process cannot go on. */
  lost: Promise<void>;
  /** Stops the servers, then the watchdog, then gives the data directory free. */
  stop(): Promise<void>;
}

/**
 * Takes the data directory and starts the wanted servers in it, side by side.
 *
 * @throws {DataDirectoryInUse} when another process works on it; an Error when a server cannot start, after
 *   the other one was stopped
 */
export const startEmbeddedServices = async ({
  dataDir,
  cacheDir,
  log,
  database = true,
  nats = true,
}: {
  dataDir: string;
  cacheDir?: string | undefined;
  log: Log;
  database?: boolean;
  nats?: boolean;
}): Promise<EmbeddedServices> => {
  const lock = await lockDataDirectory(dataDir);
  const watchdog = startWatchdog();
  const starts = await Promise.allSettled([
    database ? startPostgres({ dataDir, log, watchdog }) : undefined,
    nats ? startNats({ dataDir, cacheDir, log, watchdog }) : undefined,
  ] as const);
  const servers = starts.flatMap(start => (start.status === 'fulfilled' && start.value) || []);
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map(server => server.stop()));
    await watchdog.stop();
    await lock.release();
  };
  const failed = starts.find(start => start.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const [postgres, messaging] = starts.map(start =>
    start.status === 'fulfilled' ? start.value : undefined,
  ) as [EmbeddedPostgres | undefined, EmbeddedNats | undefined];
  return {
    databaseUrl: postgres?.url,
    natsUrl: messaging?.url,
    nats: messaging && { usersFile: messaging.usersFile, reload: messaging.reload },
    watchdog,
    lost: Promise.race(servers.map(server => server.exited)),
    stop,
  };
};
