import type { Call } from '#hub/platform/calls.ts';

/** The apps that exchange documents, as they run now. */
export interface ConnectedApps {
  /** Document systems, in the order of their ids. */
  systems: string[];
  axes: string[];
}

export const readConnected = async (call: Call): Promise<ConnectedApps> => {
  const states = await call('connectors.list', {});
  const offering = (port: string): string[] =>
    states
      .filter(({ ports }) => ports.includes(port))
      .map(({ id }) => id)
      .sort();
  return { systems: offering('documents'), axes: offering('documentAxis') };
};
