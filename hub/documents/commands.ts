import {
  replaceDocument,
  revokeDocument,
  sendDocument,
  updateDocument,
} from '#hub/documents/change-document.ts';
import { DocumentFault, toAppError } from '#hub/documents/document-fault.ts';
import { findDocument } from '#hub/documents/document-store.ts';
import { documentIdOf } from '#hub/documents/identify.ts';
import { readOrgans } from '#hub/documents/organs.ts';
import { recallDocument } from '#hub/documents/recall.ts';
import { showDocument } from '#hub/documents/show-document.ts';
import { takeStatus } from '#hub/documents/take-status.ts';
import type { Handlers } from '#hub/platform/calls.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { ShownDocument } from '#schemas/document.ts';

/** What other parts and flows may ask. Faults come out as `document-refused`. */
export const documentHandlers = (context: PartContext): Handlers<'documents'> => {
  const { db, call } = context;
  const show = async (id: string): Promise<ShownDocument> => {
    const row = await findDocument(db, id);
    if (row === undefined) throw new AppError('unknown-document');
    return showDocument(db, row);
  };
  const told = async <T>(work: Promise<T>): Promise<T> =>
    work.catch(error => {
      throw toAppError(error);
    });
  return {
    'documents.send': params => told(sendDocument(context, params)),
    'documents.report-status': async ({ id, organId, code, description, staff, actor }) => {
      const document = await show(id);
      const organs = await readOrgans(call);
      const key = organs.find(organId)?.key;
      const receiver = document.receivers.find(one => organs.find(one.organId)?.key === key);
      if (receiver === undefined) throw toAppError(new DocumentFault('receiver-unknown', 'organId'));
      const status = {
        from: { organId: receiver.organId, ...(receiver.name === undefined ? {} : { name: receiver.name }) },
        about: {
          organId: document.header.from.organId,
          documentId: document.header.documentId,
          issuedOn: document.header.issuedOn,
        },
        code,
        ...(description === undefined ? {} : { description }),
        ...(staff === undefined ? {} : { staff }),
        at: new Date().toISOString(),
      };
      await told(takeStatus(context, organs, { status, from: 'app', actor }));
      return show(id);
    },
    'documents.recall': async ({ revoke, ...asked }) => {
      await told(revoke ? revokeDocument(context, asked) : recallDocument(context, asked));
      return show(asked.id);
    },
    'documents.update': async params => show(await told(updateDocument(context, params))),
    'documents.replace': async params => show(await told(replaceDocument(context, params))),
    'documents.find': async wanted => {
      const sender = 'from' in wanted ? (await readOrgans(call)).find(wanted.from) : undefined;
      if ('from' in wanted && sender === undefined) return undefined;
      const id = 'from' in wanted ? documentIdOf(sender!.key, wanted.documentId) : wanted.id;
      const row = await findDocument(db, id);
      return row && showDocument(db, row);
    },
  };
};
