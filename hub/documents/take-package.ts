import { unpack } from '#edxml/unpack.ts';
import { acceptDocument } from '#hub/documents/accept-document.ts';
import { readConnected } from '#hub/documents/connected-apps.ts';
import { readOrgans } from '#hub/documents/organs.ts';
import { takeStatus } from '#hub/documents/take-status.ts';
import type { PartContext } from '#hub/platform/part.ts';

/** Takes a package from outside: a document for units of ours, or a status of one. @throws EdxmlError, DocumentFault */
export const takePackage = async (context: PartContext, axis: string, bytes: Buffer): Promise<void> => {
  const unpacked = await unpack(bytes);
  const actor = `app/${axis}`;
  if (unpacked.kind === 'status')
    return takeStatus(context, await readOrgans(context.call), {
      status: unpacked.status,
      from: 'axis',
      actor,
    });
  const { systems } = await readConnected(context.call);
  const { document } = unpacked;
  await acceptDocument(context, { document, origin: 'axis', app: axis, package: bytes, actor }, () =>
    systems.slice(0, 1),
  );
};
