import type { RunningApp } from './app-server.ts';

/**
 * What `sandbox/<id>/for-contract.ts` answers from `startForContract()`: the app, started on a free port with
 * some two dozen accounts, and the settings that the connector of the same name needs to reach it. The contract
 * suite finds the file by the connector's name.
 */
export interface StartedForContract {
  app: RunningApp;
  settings: Record<string, unknown>;
  /** Put over `settings`: what only the contract wants (small pages, short token lives). */
  extraSettings?: Record<string, unknown>;
  /** `hrSource`: changes one person, so that the next pull finds something new. */
  change?(): Promise<unknown>;
  /** `notices`: how many notices with this subject have arrived. */
  delivered?(subject: string): Promise<number>;
  /** `notices` with boards: a unit and one below it, both with people, and who sees the notice of this subject. */
  boards?: { unitCode: string; below: string; readers(subject: string): Promise<string[]> };
  /**
   * By port: what people do in the app itself. Without an id they make one of that kind, with it they change that one;
   * answers its id in the app.
   */
  byHand?: Record<string, (externalId?: string) => Promise<string>>;
  /** `documents`: issues a document there; counts what arrived under an id. */
  documents?: {
    issue(documentId: string): Promise<unknown>;
    count(documentId: string): Promise<{ documents: number; statuses: number }>;
  };
  /** `signer`: who signs, and what the service asks of them. */
  signer?: {
    userId: string;
    /** What the holder gives with their leave. */
    pin?: string;
    otp?: string;
    /** How often the holder was asked. */
    asked(): number;
  };
}

/** The one export of a `for-contract.ts`. */
export type StartForContract = () => Promise<StartedForContract>;
