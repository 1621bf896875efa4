import { parentPort, workerData } from 'node:worker_threads';
import { openPdf } from '#signature/pdf/open-pdf.ts';
import { searchText } from '#signature/pdf/search-text.ts';

/** What the worker is started with. */
export interface SearchWork {
  bytes: Uint8Array;
  signer: string;
}

const { bytes, signer } = workerData as SearchWork;
parentPort?.postMessage(searchText(await openPdf(bytes), signer));
