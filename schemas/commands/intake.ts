import { Type } from 'typebox';
import { command } from '#schemas/command.ts';
import { HrRecord } from '#schemas/hr-record.ts';
import type { Decision, RowReport } from '#schemas/intake.ts';

/** Everything that brings records of people into the register. */
export const intakeCommands = {
  /**
   * Takes up to 1,000 records of one source: correlates, applies, and answers per record. A record whose
   * `origin` was taken before answers as then. Doubtful ones wait in the decision queue.
   */
  'intake.take': command<RowReport[]>()(
    Type.Object({
      records: Type.Array(Type.Object({ origin: Type.String(), record: HrRecord }), { maxItems: 1000 }),
      source: Type.String(),
      actor: Type.String(),
      dryRun: Type.Optional(Type.Boolean()),
    }),
  ),
  'intake.list-decisions': command<Decision[]>()(
    Type.Object({ state: Type.Optional(Type.String()), limit: Type.Optional(Type.Integer()) }),
  ),
  /**
   * `staffId`: the record speaks of that person; `new`: of a new person; `drop`: ignore it; `again`: take it
   * from the start, now that its cause is mended.
   */
  'intake.decide': command<RowReport>()(
    Type.Object({
      id: Type.String(),
      choice: Type.Union([
        Type.Object({ staffId: Type.String() }),
        Type.Object({ as: Type.Union([Type.Literal('new'), Type.Literal('drop'), Type.Literal('again')]) }),
      ]),
      actor: Type.String(),
    }),
  ),
  /** Where the feed of an HR source goes on from (first load: what lies before is known already). */
  'intake.set-hr-cursor': command<{ ok: true }>()(
    Type.Object({ source: Type.String(), cursor: Type.String() }),
  ),
};
