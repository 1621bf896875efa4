import { type Static, Type } from 'typebox';
import { Day } from '#schemas/hr-record.ts';
import { ExternalId, Title, UnitCode, WorkId, WorkNumber, WorkSource } from './fields.ts';
import { Progress } from './progress.ts';

const fields = {
  /** Số và ký hiệu of the document that directs, or the one number of a case. */
  number: WorkNumber,
  title: Title,
  /** Đơn vị chủ trì. */
  unitCode: UnitCode,
  dueOn: Type.Optional(Day),
  source: Type.Optional(WorkSource),
};

/** An entry of the directive software (ý kiến chỉ đạo) as the hub wants it. `progress` absent: what is there stays. */
export const Directive = Type.Object(
  {
    id: WorkId,
    /** Made by people in the app: the one there that is given the id. */
    externalId: Type.Optional(ExternalId),
    ...fields,
    progress: Type.Optional(Progress),
  },
  { additionalProperties: false },
);
export type Directive = Static<typeof Directive>;

/** An entry as the app holds it. Without `id` it was made there and the hub does not know it yet. */
export const AppDirective = Type.Object({
  externalId: ExternalId,
  id: Type.Optional(WorkId),
  ...fields,
  progress: Progress,
});
export type AppDirective = Static<typeof AppDirective>;

export const DirectiveProgress = Type.Object(
  { id: WorkId, progress: Progress },
  { additionalProperties: false },
);
export type DirectiveProgress = Static<typeof DirectiveProgress>;
