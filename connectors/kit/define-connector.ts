import type { Ports } from '#connectors/kit/ports.ts';

/** What a connector's factory is given: its checked settings, and limits that its client must respect. */
export interface ConnectorSetup<Settings> {
  settings: Settings;
  /** Answers larger than this are refused with `unexpected-answer`. */
  maxBytes: number;
}

/** The ports that a connector offers (those of its manifest), and what to tidy up at the end. */
export interface ConnectorInstance {
  ports: Partial<Ports>;
  /** One harmless call that proves address and credentials. */
  ping(context: { signal: AbortSignal }): Promise<void>;
  /** `signer`: the account at the service whose certificates a check may read. */
  testUser?: string;
  close?(): Promise<void>;
}

export type Connector<Settings> = (setup: ConnectorSetup<Settings>) => ConnectorInstance;

/** The default export of every `connector.ts`: wiring only, the protocol is in `client.ts`. */
export const defineConnector = <Settings>(create: Connector<Settings>): Connector<Settings> => create;
