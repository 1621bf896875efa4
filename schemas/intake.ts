import { type Static, Type } from 'typebox';

export const rowOutcomes = ['created', 'changed', 'unchanged', 'refused', 'to-decide'] as const;
export type RowOutcome = (typeof rowOutcomes)[number];

/** What became of one record or row. `flags` tell what was converted on the way (encoding, zeros, case). */
export const RowReport = Type.Object({
  origin: Type.String(),
  row: Type.Optional(Type.Integer()),
  outcome: Type.String({ enum: [...rowOutcomes] }),
  staffId: Type.Optional(Type.String()),
  changed: Type.Optional(Type.Array(Type.String())),
  flags: Type.Optional(Type.Array(Type.String())),
  /** The words for the flags, in the language asked for. */
  notes: Type.Optional(Type.Array(Type.String())),
  errors: Type.Optional(
    Type.Array(
      Type.Object({
        code: Type.String(),
        field: Type.Optional(Type.String()),
        params: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
        /** The words, in the language asked for. */
        detail: Type.Optional(Type.String()),
      }),
    ),
  ),
  decisionId: Type.Optional(Type.String()),
});
export type RowReport = Static<typeof RowReport>;

/** An import and how far it is. */
export const ImportReport = Type.Object({
  id: Type.String(),
  fileName: Type.String(),
  source: Type.String(),
  dryRun: Type.Boolean(),
  state: Type.String({ enum: ['receiving', 'waiting', 'running', 'done', 'failed'] }),
  createdAt: Type.String(),
  finishedAt: Type.Optional(Type.String()),
  rowsDone: Type.Integer(),
  counts: Type.Record(Type.String(), Type.Integer()),
  /** Headings that no field was found for. */
  unknownColumns: Type.Optional(Type.Array(Type.String())),
  columns: Type.Optional(Type.Record(Type.String(), Type.String())),
  error: Type.Optional(Type.Object({ code: Type.String(), detail: Type.String() })),
});
export type ImportReport = Static<typeof ImportReport>;

/** A doubtful record: it may speak of one of the candidates, or of somebody new. */
export const Decision = Type.Object({
  id: Type.String(),
  origin: Type.String(),
  source: Type.String(),
  state: Type.String({ enum: ['open', 'decided'] }),
  reason: Type.String(),
  record: Type.Record(Type.String(), Type.Unknown()),
  candidates: Type.Array(
    Type.Object({
      staffId: Type.String(),
      name: Type.String(),
      code: Type.String(),
      unitName: Type.Optional(Type.String()),
      birthDate: Type.Optional(Type.String()),
      confidence: Type.Number({ minimum: 0, maximum: 1 }),
      why: Type.Array(Type.String()),
    }),
  ),
  createdAt: Type.String(),
});
export type Decision = Static<typeof Decision>;
