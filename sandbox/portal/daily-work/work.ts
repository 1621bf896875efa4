import type { AppAnswer, AppRequest } from '#sandbox/kit/app-server.ts';
import type { DocumentFiles } from '#sandbox/kit/document-files.ts';
import { isoDay } from '#sandbox/kit/rules.ts';
import { dayNumberOf } from '#sandbox/kit/vietnamese-day.ts';
import { openWorkTables } from '#sandbox/kit/work-tables.ts';
import { invalid } from '#sandbox/portal/error.ts';
import { createDossiers } from './dossiers.ts';
import { createFeedback } from './feedback.ts';
import { createUnitSites } from './unit-sites.ts';

/**
 * The portal's daily work below `/api/v2/`: feedback of citizens, dossiers, calendars of units' sites, figures. Rows at
 * `GET /_state/feedback`, `/_state/dossiers`, `/_state/events`.
 */
export const createWork = (given: { journalFile?: string | undefined; files: DocumentFiles }) => {
  const { files } = given;
  const tables = openWorkTables(given.journalFile);
  const feedback = createFeedback(tables);
  const dossiers = createDossiers(tables, files);
  const sites = createUnitSites(tables);

  const countWithin = (from: string, until: string): object => {
    const within = (day: string | null | undefined): boolean => Boolean(day && day >= from && day <= until);
    const all = dossiers.table.all();
    const matters = feedback.table.all();
    const isLate = (day: string): boolean =>
      Number(day.replaceAll('-', '')) < dayNumberOf(new Date().toISOString());
    return {
      dossiers_received: all.filter(row => within(row.received_on)).length,
      dossiers_settled: all.filter(row => within(row.settled_on)).length,
      dossiers_overdue: all.filter(row => row.settled_on === null && within(row.due_on) && isLate(row.due_on))
        .length,
      feedback_received: matters.filter(row => within(row.received_on)).length,
      feedback_replied: matters.filter(row => within(row.reply?.replied_on)).length,
      results_signed: (files.state() as { issuedOn: string }[]).filter(one => within(one.issuedOn)).length,
    };
  };
  const figures = (query: URLSearchParams): AppAnswer => {
    const [from, until] = [query.get('from') ?? '', query.get('until') ?? ''];
    if (!isoDay(from)) return invalid('from');
    if (!isoDay(until)) return invalid('until');
    return { json: { period: countWithin(from, until), since_beginning: countWithin('0001-01-01', until) } };
  };

  const handlers: Record<string, (request: AppRequest, rest: string[]) => AppAnswer> = {
    feedback: feedback.handle,
    dossiers: dossiers.handle,
    'unit-sites': sites.handle,
    statistics: request => figures(request.query),
  };
  const writers: Record<string, (row: Record<string, unknown>) => object> = {
    feedback: feedback.byHand,
    dossiers: dossiers.byHand,
    events: sites.byHand,
  };
  return {
    /** Undefined: no work of this path. */
    find(path: string): ((request: AppRequest) => AppAnswer) | undefined {
      const [, api, version, kind = '', ...rest] = path.split('/').map(decodeURIComponent);
      const handler = api === 'api' && version === 'v2' && Object.hasOwn(handlers, kind) && handlers[kind];
      return handler ? request => handler(request, rest) : undefined;
    },
    onSigned: dossiers.onSigned,
    state: tables.state,
    /** `{"action":"by-hand","kind":"feedback","row":{…}}`: what citizens and officers write; with `id` they change it. */
    act(action: Record<string, unknown>): object | undefined {
      const writer = action.action === 'by-hand' ? writers[String(action.kind)] : undefined;
      return writer?.(action.row as Record<string, unknown>);
    },
  };
};
