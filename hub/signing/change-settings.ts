import { appendAudit } from '#hub/platform/audit-store.ts';
import type { Database } from '#hub/platform/database.ts';
import { writeSettings } from '#hub/signing/settings-store.ts';
import { inOurWords } from '#hub/signing/to-signing-error.ts';
import { readCertificate } from '#signature/certificates/read-certificate.ts';

const readAll = (texts: string[] | undefined): Buffer[] | undefined =>
  texts?.map(text => {
    const der = Buffer.from(text, 'base64');
    inOurWords(() => readCertificate(der));
    return der;
  });

/** Changes what holds for all signatures; what is absent stays. @throws AppError `certificate-unreadable` */
export const changeSettings = async (
  db: Database,
  given: {
    timeStampUrl?: string | undefined;
    roots?: string[] | undefined;
    intermediates?: string[] | undefined;
  },
  by: { actor: string; requestId?: string },
): Promise<void> => {
  await writeSettings(db, {
    timeStampUrl: given.timeStampUrl,
    roots: readAll(given.roots),
    intermediates: readAll(given.intermediates),
  });
  const detail = { changed: Object.keys(given) };
  await appendAudit(db, { ...by, action: 'signing-settings.changed', object: 'signing', detail });
};
