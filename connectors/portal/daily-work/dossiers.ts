import { type Static, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import type { DossiersPort } from '#connectors/kit/daily-work-ports.ts';
import { nullable, nullableText } from '#connectors/kit/nullable.ts';
import { filled, translate } from '#connectors/kit/work-values.ts';
import { maxPageSize } from '#connectors/portal/client.ts';
import type { Dossier } from '#schemas/daily-work/dossier.ts';
import { type Ask, isoDay } from './ask.ts';

/** A dossier as the portal tells it. */
const PortalDossier = Type.Object({
  dossier_code: Type.String({ minLength: 1 }),
  procedure_name: Type.String({ minLength: 1 }),
  org_code: Type.String({ minLength: 1 }),
  officer_code: nullableText,
  received_on: isoDay,
  due_on: isoDay,
  extension: nullable(
    Type.Object({
      request_id: Type.String({ minLength: 1 }),
      due_on: isoDay,
      state: Type.String(),
      document_id: Type.String({ minLength: 1 }),
    }),
  ),
});
type PortalDossier = Static<typeof PortalDossier>;
const checkOne = checkAnswer(PortalDossier);
const checkPage = checkAnswer(Type.Object({ items: Type.Array(PortalDossier), next_cursor: nullableText }));

const states = translate({ proposed: 'PROPOSED', accepted: 'ACCEPTED', refused: 'REFUSED' });

const fromDossier = (row: PortalDossier): Dossier => ({
  code: row.dossier_code,
  title: row.procedure_name,
  unitCode: row.org_code,
  ...filled({ officerCode: row.officer_code }),
  receivedOn: row.received_on,
  dueOn: row.due_on,
  ...(row.extension
    ? {
        extension: {
          id: row.extension.request_id,
          dueOn: row.extension.due_on,
          state: states.from(row.extension.state),
          documentId: row.extension.document_id,
        },
      }
    : {}),
});

/** The port `dossiers`. */
export const createDossiers = (ask: Ask): DossiersPort => ({
  async list({ dueUntil, cursor, limit }, { signal }) {
    const query = new URLSearchParams({
      due_until: dueUntil,
      limit: String(Math.min(limit, maxPageSize)),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const page = await ask('GET', `/dossiers?${query}`, signal, checkPage);
    return {
      items: page.items.map(fromDossier),
      ...(page.next_cursor ? { next: page.next_cursor } : {}),
    };
  },
  async proposeExtension({ id, code, dueOn, reason }, { signal }) {
    const path = `/dossiers/${encodeURIComponent(code)}/extensions`;
    const body = { request_id: id, due_on: dueOn, reason };
    return fromDossier(await ask('POST', path, signal, checkOne, body));
  },
});
