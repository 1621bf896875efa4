/** Members whose values speak of a person, whatever they look like. */
const personal: Record<string, string> = {
  name: 'Nguyễn Văn A',
  givenname: 'A',
  familyname: 'Nguyễn',
  middlename: 'Văn',
  fullname: 'Nguyễn Văn A',
  hoten: 'Nguyễn Văn A',
  username: 'anv',
  code: '000000',
  citizennumber: '000000000000',
  cccd: '000000000000',
  phone: '0900000000',
  mobile: '0900000000',
  address: 'Số 1, đường Mẫu',
  birthdate: '1980-01-01',
  email: 'nguoi@mau.vn',
};
const patterns: [RegExp, string][] = [
  [/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, 'nguoi@mau.vn'],
  [/\b\d{12}\b/g, '000000000000'],
  [/\b0\d{9}\b/g, '0900000000'],
];
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/**
 * A real message as a case may keep it, in Git too: names, numbers, addresses and ids of people are made up. What was equal stays
 * equal, so that the flow still finds what belongs together. Codes of units stay. Pure.
 */
export const maskMessage = <T>(message: T): T => {
  const made = new Map<string, string>();
  const ids = new Map<string, string>();
  const standIn = (kind: string, value: string): string => {
    const key = `${kind} ${value}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const count = [...made.keys()].filter(other => other.startsWith(`${kind} `)).length;
    const model = personal[kind]!;
    // The first is the model itself, the others are told apart by a number at the end.
    const other = /^\d+$/.test(model)
      ? String(count).padStart(model.length, '0')
      : model.includes('@')
        ? `nguoi${count + 1}@mau.vn`
        : `${model} ${count + 1}`;
    made.set(key, count === 0 ? model : other);
    return made.get(key)!;
  };
  const idOf = (real: string): string => {
    const key = real.toLowerCase();
    if (!ids.has(key)) ids.set(key, `00000000-0000-4000-8000-${String(ids.size + 1).padStart(12, '0')}`);
    return ids.get(key)!;
  };
  const maskText = (text: string): string =>
    patterns.reduce((masked, [pattern, by]) => masked.replace(pattern, by), text.replace(uuid, idOf));
  const mask = (value: unknown, name = '', inUnit = false): unknown => {
    if (Array.isArray(value)) return value.map(one => mask(one, name, inUnit));
    if (value !== null && typeof value === 'object')
      return Object.fromEntries(
        Object.entries(value).map(([member, one]) => [member, mask(one, member, /unit/i.test(name))]),
      );
    if (typeof value !== 'string') return value;
    const kind = name.toLowerCase().replaceAll(/[^a-z]/g, '');
    // A unit's name and code are public.
    if (!inUnit && kind in personal && value !== '') return standIn(kind, value);
    return maskText(value);
  };
  return mask(message) as T;
};
