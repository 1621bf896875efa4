import { parentPort } from 'node:worker_threads';
import { openPdf } from '#signature/pdf/open-pdf.ts';
import { searchText } from '#signature/pdf/search-text.ts';

/** One file to be searched; the answer is what was found. */
export interface SearchWork {
  bytes: Uint8Array;
  signer: string;
}

// What the library prints is dropped here. The other side would have to read it as long as this thread lives, and not end before.
for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) console[method] = () => {};

parentPort?.on('message', async ({ bytes, signer }: SearchWork) => {
  const found = await openPdf(bytes)
    .then(opened => searchText(opened, signer))
    .catch(() => ({}));
  parentPort?.postMessage(found);
});
