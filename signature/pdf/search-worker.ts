import { parentPort } from 'node:worker_threads';
import { openPdf } from '#signature/pdf/open-pdf.ts';
import { searchText } from '#signature/pdf/search-text.ts';

/** One file to be searched; the answer is what was found. */
export interface SearchWork {
  bytes: Uint8Array;
  signer: string;
}

parentPort?.on('message', async ({ bytes, signer }: SearchWork) => {
  const found = await openPdf(bytes)
    .then(opened => searchText(opened, signer))
    .catch(() => ({}));
  parentPort?.postMessage(found);
});
