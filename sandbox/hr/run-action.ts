import {
  type ActionDetail,
  type ChangeKind,
  changePerson,
  isChangeKind,
  mayBeChosen,
} from './change-person.ts';
import { hirePerson } from './hire-person.ts';
import type { HrChange, Personnel } from './personnel.ts';

type Action = ActionDetail & { action?: unknown; code?: string; count?: number; kind?: unknown };

/** The day in Vietnam (UTC+7 all year). */
const dayOf = (at: Date): string => new Date(at.getTime() + 7 * 3_600_000).toISOString().slice(0, 10);

/**
 * Does what `POST /_actions` asks of the HR software and answers `{ code, id, cursor }`; `many` answers
 * `{ count, codes, cursor }`. Throws an Error that says what is wrong. `commit` writes one change and answers its cursor.
 */
export const createActions = (
  personnel: Personnel,
  commit: (change: HrChange) => number,
  now: () => Date = () => new Date(),
): ((action: Action) => unknown) => {
  let place = 0;
  /** The next person in order whom the action fits. */
  const choose = (kind: ChangeKind): string => {
    for (let tried = 0; tried < personnel.count(); tried += 1) {
      const [found] = personnel.slice(place % personnel.count(), 1);
      place += 1;
      if (found !== undefined && mayBeChosen(kind, found.person)) return found.id;
    }
    throw new Error(`nobody is left to ${kind}`);
  };
  /** Unless it is named, the unit of somebody else. */
  const otherUnit = (unitCode: string): string => {
    for (let tried = 0; tried < personnel.count(); tried += 1) {
      const [found] = personnel.slice((place + tried) % personnel.count(), 1);
      if (found !== undefined && found.person.unitCode !== unitCode) return found.person.unitCode;
    }
    return unitCode;
  };

  const runOne = (kind: unknown, action: Action): { code: string; id: string; cursor: string } => {
    const at = now();
    if (kind === 'hire') {
      const person = hirePerson(personnel, action.person ?? {}, dayOf(at));
      if (personnel.idOf('code', person.code) !== undefined) throw new Error('the code is taken');
      const id = personnel.newId();
      return { code: person.code, id, cursor: String(commit({ id, at: at.toISOString(), person })) };
    }
    if (!isChangeKind(kind)) throw new Error(`unknown action ${String(kind)}`);
    const id = action.code === undefined ? choose(kind) : personnel.idOf('code', action.code);
    const before = id === undefined ? undefined : personnel.get(id);
    if (id === undefined || before === undefined) throw new Error('nobody has this code');
    const detail =
      kind === 'move' && action.unitCode === undefined && action.title === undefined
        ? { ...action, unitCode: otherUnit(before.unitCode) }
        : action;
    const person = changePerson(kind, before, detail, dayOf(at));
    if ((personnel.idOf('code', person.code) ?? id) !== id) throw new Error('the code is taken');
    return { code: person.code, id, cursor: String(commit({ id, at: at.toISOString(), person })) };
  };

  return action => {
    if (action.action !== 'many') return runOne(action.action, action);
    const done = Array.from({ length: action.count ?? 1 }, () => runOne(action.kind, {}));
    return { count: done.length, codes: done.map(({ code }) => code), cursor: done.at(-1)?.cursor };
  };
};
