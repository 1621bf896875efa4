/** Why what came back is not the prepared file with this person's signature added; words are in `signing-agent`. */
export type UploadProblem =
  | 'upload-of-other-file'
  | 'upload-cut'
  | 'upload-adds-nothing'
  | 'upload-not-incremental'
  | 'upload-without-signature'
  | 'upload-too-large'
  | 'upload-changes-document'
  | 'upload-two-signatures'
  | 'upload-breaks-earlier'
  | 'upload-not-whole'
  | 'upload-by-other-certificate'
  | 'upload-certificate-revoked'
  | 'upload-certificate-expired'
  | 'upload-certificate-not-for-signing'
  | 'upload-certificate-untrusted'
  | 'upload-signature-broken'
  | 'upload-signature-unproven'
  | 'upload-token-reported';

const eofMark = '%%EOF';
/** More revisions than one act of signing makes (a stamp, a signature, a time-stamp, proofs). */
const mostNewRevisions = 8;

/** Where the newest cross-reference section begins; NaN when the file does not say. */
const lastStart = (file: Buffer): number => {
  const at = file.lastIndexOf('startxref');
  const told = at === -1 ? null : /^startxref\s+(\d+)\s+%%EOF/.exec(file.toString('latin1', at, at + 40));
  return Number(told?.[1] ?? Number.NaN);
};

/** `Prev` of the section at an offset (ISO 32000-2 §7.5.5): of a table's trailer, or of a stream's dictionary. */
const previousOf = (file: Buffer, offset: number): number => {
  const isTable = file.toString('latin1', offset, offset + 4) === 'xref';
  const from = isTable ? file.indexOf('trailer', offset) : offset;
  const end = from === -1 ? -1 : file.indexOf(isTable ? 'startxref' : 'stream', from);
  if (end === -1) return Number.NaN;
  return Number(/\/Prev\s+(\d+)/.exec(file.toString('latin1', from, end))?.[1] ?? Number.NaN);
};

/**
 * What the agent brings must be the prepared file, byte for byte, and after it updates that build on it: the chain of
 * cross-references leads from the end to exactly the prepared file's last section, so the earlier revisions are the same.
 * Undefined: so it is. Whether the signature is good, whose it is and what it covers, the verification says.
 */
export const checkUpload = (prepared: Buffer, upload: Buffer): UploadProblem | undefined => {
  const isPrefix = upload.subarray(0, prepared.length).equals(prepared);
  if (!isPrefix)
    return prepared.subarray(0, upload.length).equals(upload) ? 'upload-cut' : 'upload-of-other-file';
  const added = upload.subarray(prepared.length);
  if (added.toString('latin1').trim() === '') return 'upload-adds-nothing';
  if (added.subarray(-64).toString('latin1').trimEnd().slice(-eofMark.length) !== eofMark)
    return 'upload-cut';
  const target = lastStart(prepared);
  let offset = lastStart(upload);
  for (let revisions = 0; offset !== target; revisions += 1) {
    // Every new section stands in what was added, and leads further back.
    if (!(offset >= prepared.length && offset < upload.length) || revisions === mostNewRevisions)
      return 'upload-not-incremental';
    const previous = previousOf(upload, offset);
    if (!(previous < offset)) return 'upload-not-incremental';
    offset = previous;
  }
  if (lastStart(upload) === target) return 'upload-not-incremental';
  return added.includes('/ByteRange') ? undefined : 'upload-without-signature';
};
