import type { Database } from '#hub/platform/database.ts';
import { completeStep } from '#hub/signing/complete-step.ts';
import type { FileWorkers } from '#hub/signing/file-workers.ts';
import { fromBase64 } from '#hub/signing/from-base64.ts';
import { proveFile } from '#hub/signing/prove-file.ts';
import { readSettings } from '#hub/signing/settings-store.ts';
import { laterInOurWords } from '#hub/signing/to-signing-error.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { signingCommands } from '#schemas/commands/signing.ts';
import { checkSignature } from '#signature/cms/check-signature.ts';

/** `signing.complete-document`: the raw signature is checked before it goes into the file. */
export const completeDocument = (
  { db, workers }: { db: Database; workers: FileWorkers },
  given: ParamsOf<(typeof signingCommands)['signing.complete-document']>,
): Promise<{ base64: string }> =>
  laterInOurWords(async () => {
    const { format, certificate, chain, prepared, proofs, stampFile = false } = given;
    const [attributes, signature] = [fromBase64(prepared.attributes), fromBase64(given.signature)];
    checkSignature({ certificate: fromBase64(certificate), attributes, signature });
    const added = completeStep({
      ...prepared,
      ...{ format, attributes, signature, credential: { certificate, chain } },
      increment: fromBase64(prepared.increment),
      timeStamp: given.timeStamp === undefined ? null : fromBase64(given.timeStamp),
    });
    if (format === 'xml') return { base64: added.toString('base64') };
    const signed = Buffer.concat([fromBase64(given.base64), added]);
    if (proofs === undefined) return { base64: signed.toString('base64') };
    const settings = await readSettings(db);
    const { certificates, ocsps, crls } = proofs;
    const list = {
      certificates: certificates.map(fromBase64),
      ocsps: ocsps.map(fromBase64),
      crls: crls.map(fromBase64),
    };
    const more = await proveFile({ workers, settings }, signed, { proofs: list, stampFile });
    return { base64: Buffer.concat([signed, ...more]).toString('base64') };
  });
