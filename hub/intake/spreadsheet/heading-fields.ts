import { fold } from '#hub/platform/vietnamese/fold.ts';

/** Headings of each field as provinces write them, folded and without punctuation. */
const headings = {
  name:
    'ho va ten|ho ten|ho va ten khai sinh|ho ten khai sinh|ten can bo|ho ten can bo|ho va ten can bo|' +
    'ten cbccvc|ho ten cbccvc|ho va ten cbccvc|ten cbcc|ho ten cbcc|ho va ten cbcc|ten cong chuc|' +
    'ho va ten cong chuc|ten vien chuc|ho va ten vien chuc|ten nhan vien|ho ten nhan vien|' +
    'ho va ten nhan vien|ten can bo cong chuc vien chuc|ho va ten can bo cong chuc vien chuc|ho ten day du|' +
    'full name|name',
  /** Everything before the given name. */
  familyName:
    'ho|ho dem|ho va dem|ho lot|ho va lot|ho chu dem|ho va chu dem|ho va ten dem|ho ten dem|ho va ten lot',
  givenName: 'ten|ten goi',
  birthDate: 'ngay sinh|nam sinh|ngay thang sinh|ngay thang nam sinh|ngay thang nam|sinh ngay|date of birth',
  /** Under "Nam" and "Nữ": a birth date or a mark, whose column tells the gender. */
  male: 'nam',
  female: 'nu',
  gender: 'gioi tinh|phai|nam nu|gioi tinh nam nu|gender',
  citizenNumber:
    'so cccd|cccd|can cuoc|so can cuoc|the can cuoc|so the can cuoc|can cuoc cong dan|so can cuoc cong dan|' +
    'so dinh danh|so dinh danh ca nhan|ma dinh danh ca nhan|cmnd|so cmnd|cmnd cccd|so cmnd cccd|cccd cmnd|' +
    'so cccd cmnd|so cccd dinh danh ca nhan',
  code:
    'ma cbccvc|ma cbcc|ma so|so hieu|ma so cbccvc|so hieu cbccvc|so hieu cbcc|so hieu cong chuc|ma can bo|' +
    'so hieu can bo|ma so can bo|ma cong chuc|ma vien chuc|ma nhan vien|ma so nhan vien|ma nv|ma cb|' +
    'ma can bo cong chuc vien chuc',
  unit:
    'don vi|ten don vi|co quan|ten co quan|phong ban|phong|don vi cong tac|co quan cong tac|noi cong tac|' +
    'co quan don vi|co quan don vi cong tac|don vi phong ban|phong ban don vi|phong ban cong tac|department',
  unitCode: 'ma don vi|ma co quan|ma dinh danh don vi|ma phong ban',
  title:
    'chuc vu|chuc danh|chuc vu chuc danh|chuc danh chuc vu|chuc vu hien tai|chuc vu cong tac|vi tri viec lam',
  rank: 'ma ngach|ngach|ma so ngach|ma ngach luong|ngach luong|ma so cdnn|ma cdnn|ma ngach cdnn|ma so chuc danh nghe nghiep',
  grade: 'bac|bac luong|bac luong hien huong',
  coefficient: 'he so|hsl|he so luong|hs luong|he so luong hien huong|hsl hien huong',
  salaryFrom:
    'ngay huong|ngay huong luong|ngay huong he so|ngay huong bac|ngay huong bac luong|thoi diem huong|' +
    'thoi diem huong luong|thoi gian huong|moc huong|moc huong luong|moc nang luong|ngay nang luong|huong tu ngay',
  email:
    'email|e mail|mail|thu dien tu|dia chi email|dia chi thu dien tu|hop thu|hom thu|email cong vu|' +
    'thu dien tu cong vu|hop thu cong vu|thu cong vu',
  phone:
    'dien thoai|so dien thoai|sdt|so dt|dt|dtdd|di dong|so di dong|dien thoai di dong|so dien thoai di dong|' +
    'dien thoai lien he|so dien thoai lien he|phone',
  awards: 'khen thuong|hinh thuc khen thuong|thi dua khen thuong|danh hieu|danh hieu thi dua',
  disciplines: 'ky luat|hinh thuc ky luat',
  /** Known and of no use: the ordinal, remarks, and the columns that a workbook of refused rows adds. */
  ordinal: 'stt|tt|so tt|so thu tu|no',
  ignored: 'ghi chu|dong|dong trong tep goc|ly do',
} as const;

/** What a column can mean. */
export type Field = keyof typeof headings;
export const fields = Object.keys(headings) as Field[];

const byHeading = new Map<string, Field>(
  fields.flatMap(field => headings[field].split('|').map(heading => [heading, field] as const)),
);

/** What is meant under a heading "Lương" or "Ngạch", where short words have another sense. */
const inSalaryGroup: Record<string, Field> = {
  'ma so': 'rank',
  ma: 'rank',
  'tu ngay': 'salaryFrom',
  ngay: 'salaryFrom',
  'thoi diem': 'salaryFrom',
};
const salaryGroup = /^(?!phu cap).*\b(luong|ngach)\b/;
/** Columns about allowances or other people carry the same words ("Hệ số", "Họ và tên"). */
const foreignGroup = /\b(phu cap|vuot khung|gia dinh|than nhan|vo|chong|cha|me)\b/;

/** A heading as it is compared: folded, with single blanks in place of punctuation. */
export function headingKey(text: string): string {
  return fold(text)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

/**
 * The field that a heading names, from its texts top down (group first). Remarks in brackets do not count:
 * `Ngày sinh (dd/mm/yyyy)`, `Họ và tên (*)`.
 */
export function recogniseHeading(path: readonly string[]): Field | undefined {
  const groups = path.slice(0, -1).map(headingKey);
  if (groups.some(group => foreignGroup.test(group) && !salaryGroup.test(group))) return undefined;
  const inSalary = groups.some(group => salaryGroup.test(group));
  const last = path.at(-1) ?? '';
  for (const key of [headingKey(last), headingKey(last.replace(/\([^)]*\)?/g, ' '))]) {
    const field = (inSalary ? inSalaryGroup[key] : undefined) ?? byHeading.get(key);
    if (field) return field;
  }
  return undefined;
}
