import type { FileWorkers } from '#hub/signing/file-workers.ts';
import { fromBase64 } from '#hub/signing/from-base64.ts';
import { nameIn } from '#hub/signing/prepare-step.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { signingCommands } from '#schemas/commands/signing.ts';
import type { PreparedDocument } from '#schemas/document-signing.ts';

const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** `signing.prepare-document`: nothing is kept of it. @throws AppError with the fault of the file */
export const prepareDocument = async (
  workers: FileWorkers,
  given: ParamsOf<(typeof signingCommands)['signing.prepare-document']>,
): Promise<PreparedDocument> => {
  const { format, certify = false } = given;
  const file = fromBase64(given.base64);
  const certificate = fromBase64(given.certificate);
  await workers.run('check', { format, file, reserve: false });
  const { increment, attributes, hash, ...place } = await workers.run('prepare', {
    ...{ format, file, certificate, certify, name: nameIn(certificate), at: new Date(given.at) },
    ...{ numbers: undefined, appearance: undefined, image: undefined, person: undefined },
    chain: given.chain.map(fromBase64),
  });
  return { ...place, increment: toText(increment), attributes: toText(attributes), hash: toText(hash) };
};
