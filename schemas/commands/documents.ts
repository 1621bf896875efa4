import { Type } from 'typebox';
import { command } from '#schemas/command.ts';
import { DocumentStaff, OrganId, SentDocument, type ShownDocument } from '#schemas/document.ts';

const Id = Type.String({ format: 'uuid' });
const by = { actor: Type.String() };
const Reason = Type.String({ minLength: 1, maxLength: 1000 });

/** Documents between organisations. A document that cannot be taken is `document-refused` with what is wrong and where. */
export const documentCommands = {
  /**
   * Takes a document of one of our units to be handed to its receivers: units inside by their document system, others by the
   * axis. The same again changes nothing. `appId`: the document system that is told what the receivers say.
   */
  'documents.send': command<{ id: string }>()(
    Type.Object({ document: SentDocument, appId: Type.Optional(Type.String()), ...by }),
  ),
  /** What a receiver of ours says of a document (01 to 06, 15, 16), by its own code. */
  'documents.report-status': command<ShownDocument>()(
    Type.Object({
      id: Id,
      organId: OrganId,
      code: Type.String({ pattern: '^\\d{2}$' }),
      description: Type.Optional(Type.String({ maxLength: 1000 })),
      staff: Type.Optional(DocumentStaff),
      ...by,
    }),
  ),
  /**
   * Takes a document back from all receivers or some. What is not handed over yet simply stays; others are asked (13) and
   * agree or decline. `revoke`: it is withdrawn, nobody is asked.
   */
  'documents.recall': command<ShownDocument>()(
    Type.Object({
      id: Id,
      organIds: Type.Optional(Type.Array(OrganId, { minItems: 1 })),
      reason: Reason,
      revoke: Type.Optional(Type.Boolean()),
      ...by,
    }),
  ),
  /** Sends a document in a new form to those who have it, and to whoever is new on its list. */
  'documents.update': command<ShownDocument>()(
    Type.Object({ id: Id, document: SentDocument, reason: Reason, ...by }),
  ),
  /** Sends a document that stands in the place of others of the same sender; answers the new one. */
  'documents.replace': command<ShownDocument>()(
    Type.Object({ id: Id, document: SentDocument, reason: Reason, ...by }),
  ),
  /** A document by its id here, or by its sender and the sender's id; undefined when there is none. */
  'documents.find': command<ShownDocument | undefined>()(
    Type.Union([Type.Object({ id: Id }), Type.Object({ from: OrganId, documentId: Type.String() })]),
  ),
};
