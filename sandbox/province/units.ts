import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { departmentsOfAgency, departmentsOfDistrict } from './departments.ts';

/** What a unit is; it decides who works there. */
export type UnitKind =
  | 'province'
  | 'agency'
  | 'agency-department'
  | 'district'
  | 'district-department'
  | 'commune'
  | 'nursery-school'
  | 'primary-school'
  | 'lower-school'
  | 'high-school'
  | 'health-centre'
  | 'health-station';

/** A unit of the sandbox province. `code` is what HR records refer to. */
export type ProvinceUnit = {
  code: string;
  name: string;
  /** As in `data/units`: tinh, so, huyen, xa; departments are `phong`, schools and health stations `don-vi`. */
  level: 'tinh' | 'so' | 'huyen' | 'xa' | 'phong' | 'don-vi';
  kind: UnitKind;
  parentCode: string | null;
  /** Both forms of the exchange code, where the unit has one (all but the province's own are synthetic). */
  code2016?: string;
  code2020?: string;
};

type Row = {
  code: string;
  name: string;
  level: string;
  parent_code: string;
  code_2016: string;
  code_2020: string;
};

const folder = join(import.meta.dirname, '..', '..', 'data', 'units');
const highSchools = `Quốc Học, Hai Bà Trưng, Nguyễn Huệ, Gia Hội, Cao Thắng, Đặng Trần Côn, Bùi Thị Xuân, Nguyễn Trường Tộ,
  Phan Đăng Lưu, Thuận An, Nguyễn Sinh Cung, Vinh Xuân, Hà Trung, Hương Thủy, Phú Bài, Nguyễn Trãi, Đặng Huy Trứ,
  Bình Điền, Hương Vinh, Hương Trà, Nguyễn Chí Thanh, Tố Hữu, Hóa Châu, Phong Điền, Nguyễn Đình Chiểu, Tam Giang,
  Trần Văn Kỷ, A Lưới, Hồng Vân, Hương Lâm, Nam Đông, Hương Giang, Phú Lộc, An Lương Đông, Vinh Lộc, Thừa Lưu`;

/**
 * All units of the province of 2018: the province, its 21 agencies, 9 districts and 152 communes from `data/units`,
 * and invented departments (phòng ban), schools and health stations below them. Parents come before children.
 */
export function readUnits(): ProvinceUnit[] {
  const rows = read('administrative-units-2018.csv');
  const province = rows
    .filter(row => row.level === 'tinh')
    .map(row => ({
      ...unit(row.code, row.name, 'tinh', 'province', null),
      code2016: '000.00.00.H57',
      code2020: 'H57',
    }));
  const agencies = read('agencies-2018.csv').map(row => ({
    ...unit(row.code, row.name, 'so', 'agency', row.parent_code),
    code2016: row.code_2016,
    code2020: row.code_2020,
  }));
  const districts = rows
    .filter(row => row.level === 'huyen')
    .map(row => unit(row.code, row.name, 'huyen', 'district', row.parent_code));
  const communes = rows
    .filter(row => row.level === 'xa')
    .map(row => unit(row.code, row.name, 'xa', 'commune', row.parent_code));
  const ofDistricts = districts.flatMap(departmentsInDistrict);
  return [
    ...[...province, ...agencies, ...agencies.flatMap(departmentsInAgency)],
    ...[...districts, ...ofDistricts, ...communes],
    ...healthUnits(agencies, districts, communes),
    ...schools(agencies, ofDistricts, communes),
  ];
}

function departmentsInAgency(agency: ProvinceUnit): ProvinceUnit[] {
  return departmentsOfAgency(agency.name).map((name, index) => {
    const number = two(index + 1);
    const code2020 = `${agency.code}.${number}`;
    const code2016 = `000.${number}.${agency.code.slice(-2)}.H57`;
    return { ...unit(code2020, name, 'phong', 'agency-department', agency.code), code2016, code2020 };
  });
}

function departmentsInDistrict(district: ProvinceUnit): ProvinceUnit[] {
  return departmentsOfDistrict(district.name).map((name, index) =>
    unit(`${district.code}.${two(index + 1)}`, name, 'phong', 'district-department', district.code),
  );
}

function healthUnits(
  agencies: ProvinceUnit[],
  districts: ProvinceUnit[],
  communes: ProvinceUnit[],
): ProvinceUnit[] {
  const health = agencies.find(agency => agency.name === 'Sở Y tế')!.code;
  return [
    ...districts.map(({ code, name }) =>
      unit(`TTYT.${code}`, `Trung tâm Y tế ${lowerFirst(name)}`, 'don-vi', 'health-centre', health),
    ),
    ...communes.map(({ code, name, parentCode }) =>
      unit(`TYT.${code}`, `Trạm Y tế ${lowerFirst(name)}`, 'don-vi', 'health-station', `TTYT.${parentCode}`),
    ),
  ];
}

function schools(
  agencies: ProvinceUnit[],
  departments: ProvinceUnit[],
  communes: ProvinceUnit[],
): ProvinceUnit[] {
  const education = agencies.find(agency => agency.name === 'Sở Giáo dục và Đào tạo')!.code;
  const offices = new Map(
    departments
      .filter(({ name }) => name.includes('Giáo dục'))
      .map(({ parentCode, code }) => [parentCode, code]),
  );
  const kinds = [
    ['MN', 'Trường Mầm non', 'nursery-school'],
    ['TH', 'Trường Tiểu học', 'primary-school'],
    ['THCS', 'Trường Trung học cơ sở', 'lower-school'],
  ] as const;
  return [
    ...highSchools
      .split(/,\s*/)
      .map((name, index) =>
        unit(`THPT.${two(index + 1)}`, `Trường THPT ${name}`, 'don-vi', 'high-school', education),
      ),
    ...communes.flatMap(({ code, name, parentCode }) =>
      kinds.map(([prefix, title, kind]) =>
        unit(
          ...([`${prefix}.${code}`, `${title} ${name.replace(/^(?:Xã|Phường|Thị trấn) /, '')}`] as const),
          ...(['don-vi', kind, offices.get(parentCode)!] as const),
        ),
      ),
    ),
  ];
}

function unit(
  code: string,
  name: string,
  level: ProvinceUnit['level'],
  kind: UnitKind,
  parentCode: string | null,
): ProvinceUnit {
  return { code, name, level, kind, parentCode };
}

function read(file: string): Row[] {
  return parse(readFileSync(join(folder, file)), { columns: true, bom: true }) as Row[];
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
