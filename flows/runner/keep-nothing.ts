import type { FlowContents } from '#schemas/flow.ts';

/** Node-RED's storage in a runner: the version that it was given, and nothing is ever written. */
export const keepNothing = (contents: FlowContents, credentials: Record<string, unknown>) => ({
  init: async () => {},
  getFlows: async () => structuredClone(contents),
  saveFlows: async () => {},
  getCredentials: async () => structuredClone(credentials),
  saveCredentials: async () => {},
  getSettings: async () => ({}),
  saveSettings: async () => {},
  getSessions: async () => ({}),
  saveSessions: async () => {},
  getLibraryEntry: async () => [],
  saveLibraryEntry: async () => {},
});
