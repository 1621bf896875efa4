import type { Appearance } from '#schemas/signing.ts';

/** What the workers do with files; see `pdf-worker.ts`. Files and increments travel as bytes. */
export interface PdfJobs {
  /** Reads a file that came in, and reserves fields: `increment` is empty when there are none to reserve. */
  check: {
    input: { file: Uint8Array; reserve: { number?: Appearance; date?: Appearance } | undefined };
    output: { increment: Uint8Array };
  };
  /** Writes number and date, and makes room for a signature: one increment for both. */
  prepare: {
    input: {
      file: Uint8Array;
      /** Values of the reserved fields. */
      fields: Record<string, string>;
      appearance: Appearance | undefined;
      image: Uint8Array | undefined;
      name: string;
      at: Date;
      /** Of the signer: the signed attributes name it. */
      certificate: Uint8Array;
    };
    output: {
      increment: Uint8Array;
      contentsAt: number;
      contentsBytes: number;
      attributes: Uint8Array;
      hash: Uint8Array;
    };
  };
}
export type PdfJob = keyof PdfJobs;

/** Names of the fields that the hub reserves for what the clerk gives. */
export const numberField = 'LienThong.So';
export const dateField = 'LienThong.Ngay';
