import { join } from 'node:path';
import type { FlowHub } from '#flows/channel/flow-hub.ts';
import { personHeader, readPerson } from '#flows/channel/person-at-editor.ts';
import type { EditorStorage } from '#flows/editor/storage.ts';
import { commonSettings } from '#flows/node-red/common-settings.ts';

/** What Node-RED knows of a person; `staffId` is ours, and comes back with what they save. */
export interface EditorUser {
  username: string;
  staffId: string;
  permissions: '*' | 'read';
}

/** The editor draws a name as HTML. */
const plain = (name: string): string => name.replace(/[<>&"]/g, '');

const userOf = async (header: string): Promise<EditorUser> => {
  const { name, staffId, right } = readPerson(header);
  return { username: plain(name), staffId, permissions: right === 'write' ? '*' : 'read' };
};

/** The settings of the editor's process. Flows never run in it: they run where they can be lent messages and be ended. */
export const editorSettings = (given: {
  userDir: string;
  credentialSecret: string;
  storage: EditorStorage;
  lienthong: FlowHub;
}) => ({
  ...commonSettings,
  nodesDir: [commonSettings.nodesDir, join(import.meta.dirname, '..', 'panel')],
  userDir: given.userDir,
  credentialSecret: given.credentialSecret,
  storageModule: given.storage,
  lienthong: given.lienthong,
  httpAdminRoot: '/flows',
  // Who asks is proven at the door, for each request; nobody comes to this process but by it.
  adminAuth: { tokens: userOf, tokenHeader: personHeader },
  runtimeFlowState: 'stop',
  runtimeState: { enabled: false, ui: false },
  flowFilePretty: false,
  // Ours first; the others come after in their usual order.
  paletteCategories: ['Liên Thông'],
  editorTheme: {
    page: { title: 'Liên Thông – Luồng' },
    header: { title: 'Liên Thông' },
    tours: false,
    projects: { enabled: false },
    multiplayer: { enabled: false },
    palette: { catalogues: [] },
    codeEditor: { lib: 'monaco' },
    menu: { 'menu-item-help': false, 'menu-item-projects-menu': false, 'menu-item-edit-palette': false },
    login: { button: { label: 'Đăng nhập / Sign in', url: '/sso/my/open?to=/flows/' } },
    logout: { redirect: '/' },
  },
});
