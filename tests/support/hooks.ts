import type { RootHookObject } from 'mocha';
import { stopTestServices } from '#tests/support/services.ts';

/** Mocha runs these around all specs. */
export const mochaHooks: RootHookObject = {
  afterAll: () => stopTestServices(),
};
