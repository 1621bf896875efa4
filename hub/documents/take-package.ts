import { unpack } from '#edxml/unpack.ts';
import { acceptDocument } from '#hub/documents/accept-document.ts';
import { readOrgans } from '#hub/documents/organs.ts';
import { takeStatus } from '#hub/documents/take-status.ts';
import type { PartContext } from '#hub/platform/part.ts';

/**
 * Takes a package: a document or a status of one, from outside or, where the hub kept aside what it made of it, from an app of
 * ours. @throws EdxmlError, DocumentFault
 */
export const takePackage = async (
  context: PartContext,
  { source, from }: { source: string; from: 'app' | 'axis' },
  bytes: Buffer,
): Promise<void> => {
  const unpacked = await unpack(bytes);
  const actor = `app/${source}`;
  if (unpacked.kind === 'status') {
    const { status } = unpacked;
    return takeStatus(context, await readOrgans(context.call), { status, from, actor });
  }
  const { document } = unpacked;
  const evidence = from === 'axis' ? { package: bytes } : {};
  await acceptDocument(context, { document, origin: from, app: source, ...evidence, actor });
};
