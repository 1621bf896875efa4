import { type Static, Type } from 'typebox';
import { Day } from '#schemas/hr-record.ts';
import { ChangesRequest } from './changes-request.ts';
import { ExternalId, StaffCode, Title, UnitCode, WorkId, WorkNumber, WorkSource } from './fields.ts';
import { Progress } from './progress.ts';

const fields = {
  /** The one number that the task is known by everywhere. */
  number: Type.Optional(WorkNumber),
  title: Title,
  /** Who is in charge, then who helps. */
  unitCodes: Type.Array(UnitCode, { minItems: 1, maxItems: 200 }),
  /** Staff codes; empty: the unit decides. */
  assignees: Type.Array(StaffCode, { maxItems: 200 }),
  /** Absent: no deadline. */
  dueOn: Type.Optional(Day),
  source: Type.Optional(WorkSource),
};

/** A task (nhiệm vụ, công việc được giao) as the hub wants it. `progress` absent: what the app has stays. */
export const Task = Type.Object(
  {
    id: WorkId,
    /** Made by people in the app: the one there that is given the id. */
    externalId: Type.Optional(ExternalId),
    ...fields,
    progress: Type.Optional(Progress),
  },
  { additionalProperties: false },
);
export type Task = Static<typeof Task>;

/** A task as an app holds it. Without `id` it was made there and the hub does not know it yet. */
export const AppTask = Type.Object({
  externalId: ExternalId,
  id: Type.Optional(WorkId),
  ...fields,
  progress: Progress,
});
export type AppTask = Static<typeof AppTask>;

/** Changes of all tasks, or only of somebody's, or only of those not yet done or cancelled. */
export const TaskQuery = Type.Object(
  {
    ...ChangesRequest.properties,
    /** A staff code among the task's assignees. */
    assignee: Type.Optional(StaffCode),
    open: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type TaskQuery = Static<typeof TaskQuery>;

export const TaskClosing = Type.Object(
  {
    id: WorkId,
    outcome: Type.String({ enum: ['done', 'cancelled'] }),
    note: Type.Optional(Type.String({ maxLength: 4000 })),
  },
  { additionalProperties: false },
);
export type TaskClosing = Static<typeof TaskClosing>;
