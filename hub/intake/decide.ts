import { closeDecision, findDecisionRow, listDecisionRows } from '#hub/intake/decision-store.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { HrRecord } from '#schemas/hr-record.ts';
import type { Decision, RowReport } from '#schemas/intake.ts';

type Deps = Pick<PartContext, 'db' | 'call' | 'secrets'>;
export type Choice = { staffId: string } | { as: 'new' } | { as: 'drop' };

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

/** Applies a doubtful record as a person decided. The record is applied before the case is closed: a crash between asks again. */
export const decide = async (
  { db, call, secrets }: Deps,
  request: { id: string; choice: Choice; actor: string },
): Promise<RowReport> => {
  const row = await findDecisionRow(db, request.id);
  if (row === undefined) throw new AppError('unknown-decision');
  if (row.state !== 'open') throw new AppError('already-decided');
  const { choice } = request;
  let report: RowReport = { origin: row.origin, outcome: 'unchanged' };
  if (!('as' in choice && choice.as === 'drop')) {
    const [outcome] = await call('staff.apply', {
      changes: [
        {
          origin: row.origin,
          record: JSON.parse(secrets.open('decision', row.record)) as HrRecord,
          ...('staffId' in choice ? { staffId: choice.staffId } : {}),
          ...(row.unitIds.unitIds === undefined ? {} : { unitIds: row.unitIds.unitIds }),
          ...(row.unitIds.mainUnitId === undefined ? {} : { mainUnitId: row.unitIds.mainUnitId }),
        },
      ],
      source: row.source,
      actor: request.actor,
    });
    report = {
      origin: row.origin,
      outcome: outcome!.outcome,
      ...(outcome!.staffId === undefined ? {} : { staffId: outcome!.staffId }),
      ...(outcome!.error === undefined ? {} : { errors: [outcome!.error] }),
    };
    // A refusal leaves the case open: another choice may fit.
    if (outcome!.outcome === 'refused') return report;
  }
  const text = 'as' in choice ? choice.as : `staff/${choice.staffId}`;
  if (!(await closeDecision(db, row.id, text, request.actor))) throw new AppError('already-decided');
  return report;
};
