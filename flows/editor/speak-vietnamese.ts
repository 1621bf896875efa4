import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The catalogues of Node-RED, which its own packages share. */
interface Words {
  registerMessageCatalog(namespace: string, folder: string, file: string): Promise<void>;
  /** The list itself: what is added is offered. */
  availableLanguages(namespace: string): string[];
}

const require = createRequire(createRequire(import.meta.url).resolve('node-red'));
const { i18n: words } = require('@node-red/util') as { i18n: Words };
const folder = join(import.meta.dirname, 'locales');

/**
 * Gives the editor Vietnamese beside English, after it has started: catalogues of ours in the place of Node-RED's own. What they
 * do not have stays English, word by word, for Node-RED lays them over what it has read.
 */
export const speakVietnamese = async (): Promise<void> => {
  for (const [namespace, file] of [
    ['editor', 'editor.json'],
    ['node-red', 'messages.json'],
  ] as const)
    await words.registerMessageCatalog(namespace, folder, file);
  words.availableLanguages('editor').push('en-US');
};
