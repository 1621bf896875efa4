import { Type } from 'typebox';
import { command } from '#schemas/command.ts';
import { Day } from '#schemas/hr-record.ts';
import { type ResolvedUnit, type Unit, UnitEntry } from '#schemas/unit.ts';

const by = { source: Type.String(), actor: Type.String() };

/** The tree of units. */
export const unitCommands = {
  /** Units in force on a day (today): the whole tree, the children of one, those whose name or code holds `q`. */
  'units.list': command<Unit[]>()(
    Type.Object({
      at: Type.Optional(Day),
      parentId: Type.Optional(Type.String()),
      q: Type.Optional(Type.String({ maxLength: 100 })),
    }),
  ),
  'units.get': command<Unit>()(Type.Object({ id: Type.String() })),
  /** Every period of one unit, oldest first. */
  'units.history': command<Unit[]>()(Type.Object({ id: Type.String() })),
  /** Finds units by code or name, accents or not; `near` helps to tell two of the same name apart. */
  'units.resolve': command<ResolvedUnit[]>()(
    Type.Object({ texts: Type.Array(Type.String()), at: Type.Optional(Day) }),
  ),
  /** Brings a list of units into the register: creates, renames, moves; never closes what is not listed. */
  'units.load': command<{ created: number; updated: number; unchanged: number }>()(
    Type.Object({ units: Type.Array(UnitEntry), ...by }),
  ),
  /** Closes units from a day on and names who takes over. */
  'units.merge': command<Unit>()(
    Type.Object({ unitIds: Type.Array(Type.String()), successorId: Type.String(), at: Day, ...by }),
  ),
  /** Every unit, those too that are no more, each as it was last: people stay in a merged unit until they are moved. */
  'units.latest': command<Unit[]>()(Type.Object({})),
  /** Ends a unit from a day on that nobody takes over from. It must be empty. */
  'units.close': command<Unit>()(Type.Object({ id: Type.String(), at: Day, ...by })),
};
