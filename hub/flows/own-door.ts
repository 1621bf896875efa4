import type { Config } from '#hub/platform/config.ts';

/** An address at this process's own HTTP door. */
export const ownDoor = ({ host, port }: Pick<Config, 'host' | 'port'>, path: string): URL =>
  new URL(`http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}${path}`);
