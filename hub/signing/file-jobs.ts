import type { FileFormat } from '#hub/signing/request-store.ts';
import type { Appearance } from '#schemas/signing.ts';
import type { VerificationReport } from '#schemas/verification.ts';
import type { Proofs } from '#signature/pdf/add-proofs.ts';
import type { Added } from '#signature/verify/added-since.ts';

/** What the clerk gives: số và ký hiệu, ngày ban hành. */
export interface Numbers {
  number: string;
  date: string;
}

/** What the workers do with files, see `file-worker.ts`. Files and increments travel as bytes; `format` says what is made of them. */
export interface FileJobs {
  /** Reads a file that came in, and reserves fields for number and date: `increment` is empty when there are none to reserve. */
  check: {
    input: { format: FileFormat; file: Uint8Array; reserve: boolean };
    output: { increment: Uint8Array };
  };
  /**
   * Makes a file ready to be signed. Of a PDF number and date are written and room is made for the signature, one increment
   * for both; the room itself is left out (`withoutRoom`). Of XML the increment is the whole document, of any other file it is empty.
   */
  prepare: {
    input: {
      format: FileFormat;
      file: Uint8Array;
      numbers: Numbers | undefined;
      appearance: Appearance | undefined;
      image: Uint8Array | undefined;
      /** The person above whose name signature and seal belong. */
      person: string | undefined;
      /** The first signature of a PDF certifies it. */
      certify?: boolean;
      /** Of the signer, for viewers that show it. */
      name: string;
      at: Date;
      /** Of the signer: the signed attributes name it. */
      certificate: Uint8Array;
      /** Its issuers: XML carries them under the signature. */
      chain: Uint8Array[];
    };
    output: {
      increment: Uint8Array;
      contentsAt: number;
      contentsBytes: number;
      attributes: Uint8Array;
      hash: Uint8Array;
    };
  };
  /** Writes number and date into fields that were reserved for them, nothing else; an empty increment when there are none. */
  fill: { input: { file: Uint8Array; numbers: Numbers }; output: { increment: Uint8Array } };
  /** What was done to a PDF since its first `end` bytes. */
  added: { input: { file: Uint8Array; end: number }; output: Added };
  /** Adds proofs (DSS); an empty increment when they are all there. */
  prove: {
    input: {
      file: Uint8Array;
      proofs: Proofs;
    };
    output: { increment: Uint8Array };
  };
  /** Makes room for a time-stamp over the whole file. */
  room: {
    input: { file: Uint8Array };
    output: { increment: Uint8Array; contentsAt: number; contentsBytes: number; digest: Uint8Array };
  };
  /** Judges the signatures; `signers` are the certificates whose authorities may be asked for proofs. */
  verify: {
    input: {
      format: FileFormat;
      file: Uint8Array;
      /** The signature that stands beside a file. */
      beside: Uint8Array | undefined;
      trust: {
        roots: Uint8Array[];
        intermediates: Uint8Array[];
        ocsps?: Uint8Array[];
        crls?: Uint8Array[];
      };
    };
    output: { report: VerificationReport; signers: { certificate: Uint8Array; others: Uint8Array[] }[] };
  };
}
export type FileJob = keyof FileJobs;
