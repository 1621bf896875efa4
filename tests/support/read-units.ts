import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { UnitEntry } from '#schemas/unit.ts';

const levels: Record<string, UnitEntry['level']> = { tinh: 'province', huyen: 'district', xa: 'commune' };

/** The province's real units of 2018 as entries for `units.load`. */
export const readAdministrativeUnits = (): UnitEntry[] =>
  (
    parse(readFileSync(join(import.meta.dirname, '../../data/units/administrative-units-2018.csv')), {
      columns: true,
      bom: true,
    }) as { code: string; name: string; level: string; parent_code: string }[]
  ).map(row => ({
    code: row.code,
    name: row.name,
    level: levels[row.level] ?? row.level,
    ...(row.parent_code === '' ? {} : { parentCode: row.parent_code }),
  }));
