import type { FileWorkers } from '#hub/signing/file-workers.ts';
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
  const file = Buffer.from(given.base64, 'base64');
  const certificate = Buffer.from(given.certificate, 'base64');
  await workers.run('check', { format, file, reserve: false });
  const { increment, attributes, hash, ...place } = await workers.run('prepare', {
    ...{ format, file, certificate, certify, name: nameIn(certificate), at: new Date(given.at) },
    ...{ numbers: undefined, appearance: undefined, image: undefined, person: undefined },
    chain: given.chain.map(text => Buffer.from(text, 'base64')),
  });
  return { ...place, increment: toText(increment), attributes: toText(attributes), hash: toText(hash) };
};
