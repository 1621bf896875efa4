import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEditorDoor } from '#flows/supervise/editor-door.ts';
import { type Editor, startEditor } from '#flows/supervise/start-editor.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { CreatePart } from '#hub/platform/part.ts';
import type { StaffRole } from '#schemas/sign-on.ts';
import { type PlayedFlows, playFlows } from '#tests/flows/play-flows.ts';
import { type Browse, createBrowse } from '#tests/sso/browse.ts';
import { giveName } from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { processesNaming } from '#tests/whole-hub/find-processes.ts';

export interface Editing {
  signOn: SignOn;
  flows: PlayedFlows;
  at(path: string): string;
  /** Somebody with these roles. */
  hire(name: string, ...roles: StaffRole[]): Promise<Person>;
  /** A browser in which this person is signed in. */
  browserOf(person: Person): Promise<Browse>;
  /** What the page of the editor sends by a script. */
  send(
    browse: Browse,
    method: string,
    path: string,
    body?: unknown,
    more?: Record<string, string>,
  ): Promise<Response>;
  /** Waits until the editor answers. */
  ready(): Promise<void>;
  editor(): Editor;
  /** The process of the editor. */
  pid(): Promise<number | undefined>;
  stop(): Promise<void>;
}

/**
 * The editor in a process of its own behind a real sign-on and gateway; the part that keeps versions is played unless one is given,
 * with others that it asks.
 */
export const startEditing = async (keepVersions?: CreatePart, ...others: CreatePart[]): Promise<Editing> => {
  const flows = playFlows();
  let editor: Editor | undefined;
  // Without the processes that run flows.
  const createEditing: CreatePart = context => {
    editor = startEditor(context);
    return { name: 'editing', actions: {}, mounts: [createEditorDoor(context, editor)], stop: editor.stop };
  };
  const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-editing-'));
  const signOn = await startSignOn({
    parts: [...others, keepVersions ?? (() => flows.part), createEditing],
    config: { dataDir },
  });
  const at = (path: string): string => signOn.origin + path;
  const send: Editing['send'] = async (browse, method, path, body, more = {}) =>
    fetch(at(path), {
      method,
      headers: {
        cookie: await browse.jar.getCookieString(at(path)),
        'node-red-api-version': 'v2',
        ...(method === 'GET' ? {} : { origin: signOn.origin }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...more,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: 'manual',
    });
  const browserOf: Editing['browserOf'] = async person => {
    const browse = createBrowse();
    await giveName(browse, await browse.open(at('/')), person);
    return browse;
  };
  const hire: Editing['hire'] = async (name, ...roles) => {
    const person = await signOn.hire(name);
    await signOn.hub.call('sso.set-roles', { staffId: person.id, roles, actor: 'test' });
    return person;
  };
  const admin = await hire('Phan Trọng Chờ', 'it-centre');
  const waiting = await browserOf(admin);
  return {
    ...{ signOn, flows, at, send, browserOf, hire },
    ready: async () => {
      await waitUntil(
        'the editor',
        async () => (await send(waiting, 'GET', '/flows/settings')).status === 200,
        { withinMs: 40_000, everyMs: 100 },
      );
    },
    editor: () => editor!,
    pid: async () => (await processesNaming(dataDir))[0],
    async stop() {
      await signOn.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
