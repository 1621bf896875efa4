import { closeDecision, findDecisionRow, listDecisionRows } from '#hub/intake/decision-store.ts';
import { takeRecords } from '#hub/intake/take-records.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { HrRecord } from '#schemas/hr-record.ts';
import type { Decision, RowReport } from '#schemas/intake.ts';

type Deps = Pick<PartContext, 'db' | 'call' | 'secrets'>;
export type Choice = { staffId: string } | { as: 'new' | 'drop' | 'again' };

/** Open or decided doubts, oldest first. The citizen number of the record is not shown. */
export const listDecisions = async (
  { db, secrets }: Deps,
  request: { state?: string; limit?: number },
): Promise<Decision[]> =>
  (await listDecisionRows(db, request.state ?? 'open', request.limit ?? 100)).map(
    ({ unitIds: _units, record, ...row }) => {
      const { citizenNumber: _number, ...shown } = JSON.parse(secrets.open('decision', record)) as HrRecord;
      return { ...row, record: shown } as Decision;
    },
  );

type DecisionRow = NonNullable<Awaited<ReturnType<typeof findDecisionRow>>>;

const applyTo = async (
  { call, secrets }: Deps,
  row: DecisionRow,
  staffId: string | undefined,
  actor: string,
): Promise<RowReport> => {
  const [outcome] = await call('staff.apply', {
    changes: [
      {
        origin: row.origin,
        record: JSON.parse(secrets.open('decision', row.record)) as HrRecord,
        ...(staffId === undefined ? {} : { staffId }),
        ...(row.unitIds.unitIds === undefined ? {} : { unitIds: row.unitIds.unitIds }),
        ...(row.unitIds.mainUnitId === undefined ? {} : { mainUnitId: row.unitIds.mainUnitId }),
      },
    ],
    source: row.source,
    actor,
  });
  return {
    origin: row.origin,
    outcome: outcome!.outcome,
    ...(outcome!.staffId === undefined ? {} : { staffId: outcome!.staffId }),
    ...(outcome!.changed === undefined ? {} : { changed: outcome!.changed }),
    ...(outcome!.error === undefined ? {} : { errors: [outcome!.error] }),
  };
};

/** From the start: units and people may be known now that were not then. */
const takeAgain = async (deps: Deps, row: DecisionRow, actor: string): Promise<RowReport> => {
  const record = JSON.parse(deps.secrets.open('decision', row.record)) as HrRecord;
  const [report] = await takeRecords(deps, {
    records: [{ origin: row.origin, record }],
    source: row.source,
    actor,
  });
  return report!;
};

const carryOut = (deps: Deps, row: DecisionRow, choice: Choice, actor: string): Promise<RowReport> => {
  if ('staffId' in choice) return applyTo(deps, row, choice.staffId, actor);
  if (choice.as === 'new') return applyTo(deps, row, undefined, actor);
  if (choice.as === 'again') return takeAgain(deps, row, actor);
  return Promise.resolve({ origin: row.origin, outcome: 'unchanged' });
};

/**
 * Does with a waiting record as a person decided. It is applied before the case is closed: a crash between
 * asks again. What is refused, or still doubtful, leaves the case open: another choice may fit.
 */
export const decide = async (
  deps: Deps,
  request: { id: string; choice: Choice; actor: string },
): Promise<RowReport> => {
  const { choice, actor } = request;
  const row = await findDecisionRow(deps.db, request.id);
  if (row === undefined) throw new AppError('unknown-decision');
  if (row.state !== 'open') throw new AppError('already-decided');
  const report = await carryOut(deps, row, choice, actor);
  if (report.outcome === 'refused' || report.outcome === 'to-decide') return report;
  const text = 'as' in choice ? choice.as : `staff/${choice.staffId}`;
  if (!(await closeDecision(deps.db, row.id, text, actor))) throw new AppError('already-decided');
  return report;
};
