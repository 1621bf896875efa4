import { type Static, Type } from 'typebox';

export const rowOutcomes = ['created', 'changed', 'unchanged', 'refused', 'to-decide'] as const;
export type RowOutcome = (typeof rowOutcomes)[number];

/**
 * More about a flag: the field, and what the words are filled with. `before` and `after` are the value that came and
 * the one that was taken; a citizen number is never shown.
 */
export const Remark = Type.Object({
  flag: Type.String(),
  field: Type.Optional(Type.String()),
  params: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
});
export type Remark = Static<typeof Remark>;

/** What became of one record or row. `flags` tell what was converted on the way (encoding, zeros, case). */
export const RowReport = Type.Object({
  origin: Type.String(),
  row: Type.Optional(Type.Integer()),
  /** Whom a row of a spreadsheet speaks of, as far as its name can be read. */
  name: Type.Optional(Type.String()),
  outcome: Type.String({ enum: [...rowOutcomes] }),
  staffId: Type.Optional(Type.String()),
  changed: Type.Optional(Type.Array(Type.String())),
  flags: Type.Optional(Type.Array(Type.String())),
  remarks: Type.Optional(Type.Array(Remark)),
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
  /** The last row of the sheet that was looked at: titles and headings count. How far it is, not how many people. */
  rowsDone: Type.Integer(),
  /** Rows so far that speak of a person. */
  people: Type.Integer(),
  /** Rows by outcome; `flagged` counts those of any outcome with flags. */
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
