import { type TSchema, Type } from 'typebox';
import { Uuid } from '#schemas/event-data/keys.ts';
import { Day } from '#schemas/hr-record.ts';
import { unitLevels } from '#schemas/unit.ts';

const unitKey = { unitId: Uuid };
const unitData = (title: string): TSchema =>
  Type.Object(
    {
      ...unitKey,
      code: Type.String({ description: "The unit's code in the register" }),
      name: Type.String(),
      level: Type.String({
        enum: [...unitLevels],
        description: 'Tỉnh; sở, ban, ngành; huyện; xã; phòng; đơn vị sự nghiệp',
      }),
      parentId: Type.Union([Uuid, Type.Null()], { description: 'The unit above; null for the province' }),
    },
    { title },
  );

/** What happens to units. */
export const unitEvents = {
  'unit.created.v1': unitData('A unit entered the register'),
  'unit.updated.v1': unitData('A unit has another name, level, official code or place in the tree'),
  'unit.merged.v1': Type.Object(
    {
      ...unitKey,
      successorId: Type.String({ format: 'uuid', description: 'The unit that took over (đơn vị kế thừa)' }),
      at: Day,
    },
    { title: 'A unit was merged into another one (sáp nhập)' },
  ),
  'unit.closed.v1': Type.Object(
    { ...unitKey, at: Day },
    { title: 'A unit ended without a successor (giải thể)' },
  ),
} satisfies Record<string, TSchema>;
