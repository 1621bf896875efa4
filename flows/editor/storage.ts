import { readFile, rename, writeFile } from 'node:fs/promises';
import { HubRefusal } from '#flows/channel/ask-hub.ts';
import type { EditorUser } from '#flows/editor/settings.ts';
import type { Call } from '#schemas/calls.ts';
import type { FlowContents } from '#schemas/flow.ts';

/** A deploy, as Node-RED hands it over. */
interface Saving {
  flows: FlowContents;
  credentials: Record<string, unknown>;
  credentialsDirty?: boolean;
}

/** What Node-RED's runtime shows of itself to a storage module, as far as it is used here. */
interface Runtime {
  storage: {
    getFlows(): Promise<Saving & { rev: string }>;
    saveFlows(saving: Saving, user?: EditorUser): Promise<string>;
  };
  flows: { loadFlows(): Promise<unknown> };
}

export type EditorStorage = ReturnType<typeof createStorage>['module'];

/** By this Node-RED's editor knows that somebody else was faster, and offers to look at the difference and to merge. */
const conflict = (): Error =>
  Object.assign(new Error('somebody deployed meanwhile'), { code: 'version_mismatch', status: 409 });

const readSettings = async (file: string): Promise<object> =>
  readFile(file, 'utf8').then(
    text => JSON.parse(text) as object,
    () => ({}),
  );

/**
 * Where the editor keeps things: flows and credentials are versions at the hub, the revision that browsers compare is the
 * version's number, and what a person set for their own view is a file. There are no libraries.
 */
export const createStorage = (call: Call, settingsFile: string) => {
  let base: number | undefined;
  /** A deploy is under way: what is new is then probably that. */
  let saving = false;
  let runtime: Runtime;

  const getFlows = async () => {
    const current = await call('flows.current', { stage: 'sandbox' });
    base = current?.version.number;
    return {
      flows: current?.contents ?? [],
      credentials: current?.credentials ?? {},
      rev: String(base ?? 0),
    };
  };

  const saveFlows = async ({ flows, credentials }: Saving, user?: EditorUser): Promise<string> => {
    if (user === undefined) throw new Error('nobody deploys flows without a name');
    saving = true;
    try {
      const version = await call('flows.deploy', {
        ...(base === undefined ? {} : { base }),
        contents: flows,
        credentials,
        author: `staff/${user.staffId}`,
        authorName: user.username,
        message: '',
      });
      base = version.number;
      return String(base);
    } catch (error) {
      // What this process holds may now be neither the old nor the new: it is what the hub has.
      await runtime.flows.loadFlows();
      throw error instanceof HubRefusal && error.code === 'flow-conflict' ? conflict() : error;
    } finally {
      saving = false;
    }
  };

  const notFound = async (): Promise<never> => {
    throw Object.assign(new Error('there are no libraries'), { code: 'not_found', status: 404 });
  };

  return {
    /** Loads the flows again when they were changed by another way than this editor; browsers that show them are told. */
    async follow(): Promise<void> {
      const current = await call('flows.current', { stage: 'sandbox' });
      if (!saving && current?.version.number !== base) await runtime.flows.loadFlows();
    },
    module: {
      async init(_settings: unknown, given: Runtime) {
        runtime = given;
        // A revision would else be a digest of the text, and differ between two readings of one version.
        Object.assign(given.storage, { getFlows, saveFlows });
      },
      getFlows: async () => (await getFlows()).flows,
      getCredentials: async () => (await getFlows()).credentials,
      saveFlows: notFound,
      saveCredentials: notFound,
      getSettings: () => readSettings(settingsFile),
      async saveSettings(settings: object) {
        await writeFile(`${settingsFile}.new`, JSON.stringify(settings), { mode: 0o600 });
        await rename(`${settingsFile}.new`, settingsFile);
      },
      getSessions: async () => ({}),
      saveSessions: async () => {},
      getLibraryEntry: async (_type: string, path: string) => (path === '/' || path === '' ? [] : notFound()),
      saveLibraryEntry: notFound,
    },
  };
};
