import type { ConnectorManifest } from '#schemas/connector.ts';

/**
 * One promise of a port, proven by calling it. The contract suite runs it against the sandbox app, and
 * `connector:check --write` against the real one. `id` names it in messages and in a manifest's `quality`:
 * an entry of that name with the state `exempt` (and a reason) skips it.
 */
export interface ContractCheck<Subject> {
  id: string;
  /** A sentence about the connector. */
  title: string;
  applies?(manifest: ConnectorManifest): boolean;
  /** Throws when the promise is not kept. */
  run(subject: Subject): Promise<void>;
}

export const isExempt = (manifest: ConnectorManifest, id: string): boolean =>
  manifest.quality[id]?.state === 'exempt';

/** The checks that a connector with this manifest has to pass. */
export const checksFor = <S>(checks: ContractCheck<S>[], manifest: ConnectorManifest): ContractCheck<S>[] =>
  checks.filter(check => (check.applies?.(manifest) ?? true) && !isExempt(manifest, check.id));
