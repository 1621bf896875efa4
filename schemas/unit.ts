import { type Static, Type } from 'typebox';
import { Day } from '#schemas/hr-record.ts';

export const unitLevels = ['province', 'agency', 'district', 'commune', 'department', 'facility'] as const;
export const UnitLevel = Type.Union(unitLevels.map(level => Type.Literal(level)));

/** A unit as it is called and placed in one period. `validTo` is exclusive and absent while in force. */
export const Unit = Type.Object({
  id: Type.String({ format: 'uuid' }),
  version: Type.Integer(),
  code: Type.String(),
  name: Type.String(),
  level: Type.String({ enum: [...unitLevels] }),
  parentId: Type.Optional(Type.String({ format: 'uuid' })),
  /** `000.00.00.H57`, QCVN 102:2016/BTTTT. */
  code2016: Type.Optional(Type.String()),
  /** `H57.xx.yy`, Decision 20/2020/QĐ-TTg. */
  code2020: Type.Optional(Type.String()),
  /** The official list of codes is not public: these were made up. */
  codesSynthetic: Type.Optional(Type.Boolean()),
  validFrom: Day,
  validTo: Type.Optional(Day),
  /** Who took over, after a merge or a split. */
  successorIds: Type.Optional(Type.Array(Type.String({ format: 'uuid' }))),
});
export type Unit = Static<typeof Unit>;

/** A unit as a list of units names it; `parentCode` refers to another line's `code`. */
export const UnitEntry = Type.Object({
  code: Type.String({ minLength: 1, maxLength: 40 }),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  level: Type.String({ enum: [...unitLevels] }),
  parentCode: Type.Optional(Type.String()),
  code2016: Type.Optional(Type.String({ pattern: '^\\d{3}\\.\\d{2}\\.\\d{2}\\.[A-Y]\\d{2}$' })),
  code2020: Type.Optional(Type.String({ pattern: '^[0-9A-Z.]{3,35}$' })),
  codesSynthetic: Type.Optional(Type.Boolean()),
  validFrom: Type.Optional(Day),
});
export type UnitEntry = Static<typeof UnitEntry>;

/**
 * What became of a text that should name a unit. `merged`: it names a unit that is closed now. `candidates` are the units
 * that it names when there are several, or, when it names none, those that it may mean.
 */
export interface ResolvedUnit {
  text: string;
  match: 'code' | 'name' | 'folded' | 'merged' | 'ambiguous' | 'unknown';
  unitId?: string;
  name?: string;
  candidates?: { id: string; code: string; name: string; parentName?: string }[];
}
