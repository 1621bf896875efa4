import { join } from 'node:path';
import { nodeRedWords } from '#flows/editor/node-red.ts';

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
    await nodeRedWords.registerMessageCatalog(namespace, folder, file);
  nodeRedWords.availableLanguages('editor').push('en-US');
};
