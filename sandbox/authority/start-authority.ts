import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningApp, serveApp } from '#sandbox/kit/app-server.ts';
import { createAuthorityApp } from './authority-app.ts';
import type { RevocationReason } from './build-crl.ts';
import { type Authority, type Order, openAuthority } from './open-authority.ts';

/** A running authority; certificates in DER. */
export interface RunningAuthority {
  origin: string;
  root: Buffer;
  issuing: Buffer;
  /** @throws BadRequest when a request cannot be read, or is not signed by its own key */
  issue(order: Order): Promise<Buffer>;
  /** By serial number in hex, as `X509Certificate.serialNumber` has it. @throws RangeError when it was not issued here */
  revoke(serial: string, reason?: RevocationReason, at?: Date): void;
  timeStampUrl: string;
  ocspUrl: string;
  crlUrl: string;
  stop(): Promise<void>;
}

/** Certificates name the address, so it is the same at every start, unless another program took it meanwhile. */
const serveAt = async (
  app: Parameters<typeof serveApp>[0],
  port: number,
  isMust: boolean,
): Promise<RunningApp> => {
  try {
    return await serveApp(app, port);
  } catch (error) {
    if (isMust || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return serveApp(app);
  }
};

/**
 * A certificate authority played for the sandbox and for tests, on loopback. `folder` keeps keys, certificates and
 * revocations across restarts; without it everything lives in memory. `port` 0 or absent: the one of last time, or a free one.
 */
export const startAuthority = async (
  given: { folder?: string; port?: number } = {},
): Promise<RunningAuthority> => {
  const { folder, port = 0 } = given;
  const portFile = folder === undefined ? undefined : join(folder, 'port');
  const kept = portFile !== undefined && existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0;
  let authority: Authority;
  const app = await serveAt(
    createAuthorityApp(() => authority),
    port || kept,
    port !== 0,
  );
  const { origin } = app;
  authority = await openAuthority({ folder, origin });
  if (portFile !== undefined) writeFileSync(portFile, new URL(origin).port);
  return {
    origin,
    root: authority.root.der,
    issuing: authority.issuing.der,
    issue: async order => authority.issue(order),
    revoke: authority.revoke,
    timeStampUrl: `${origin}/tsa`,
    ocspUrl: `${origin}/ocsp`,
    crlUrl: `${origin}/crl/issuing.crl`,
    stop: app.stop,
  };
};
