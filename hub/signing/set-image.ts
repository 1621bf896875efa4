import { appendAudit } from '#hub/platform/audit-store.ts';
import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { putImage } from '#hub/signing/image-store.ts';

const pngStart = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Keeps a signer's picture. @throws AppError `image-unreadable`: no PNG */
export const setImage = async (
  db: Database,
  given: { staffId?: string; unitId?: string; png: string; actor: string; requestId?: string },
): Promise<void> => {
  const png = Buffer.from(given.png, 'base64');
  if (!png.subarray(0, 8).equals(pngStart)) throw new AppError('image-unreadable');
  const { staffId, unitId, actor } = given;
  await putImage(db, { staffId: staffId ?? null, unitId: unitId ?? null }, png);
  const object = staffId === undefined ? `unit/${unitId}` : `staff/${staffId}`;
  const of = given.requestId === undefined ? {} : { requestId: given.requestId };
  await appendAudit(db, { actor, action: 'signing-image.changed', object, ...of });
};
