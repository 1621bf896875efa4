import type { Numbers } from '#hub/signing/file-jobs.ts';
import type { Appearance } from '#schemas/signing.ts';
import type { Part } from '#signature/pdf/appearance.ts';
import type { FieldValue } from '#signature/pdf/fill-fields.ts';
import { findPlaces, type Places } from '#signature/pdf/find-places.ts';
import { readPdfFacts } from '#signature/pdf/read-pdf-facts.ts';
import type { ReservedField } from '#signature/pdf/reserve-fields.ts';

/** Fields that the hub reserves for what the clerk gives. */
const names = {
  ordinal: 'LienThong-So',
  whole: 'LienThong-SoKyHieu',
  day: 'LienThong-Ngay',
  month: 'LienThong-Thang',
};

/** Where number and date will be written: behind "Số:" only what stands before the slash, if the text has it. */
export const placesToReserve = (places: Places): ReservedField[] => [
  {
    name: places.number.found ? names.ordinal : names.whole,
    page: places.number.page,
    at: places.number.at,
    align: 'center',
  },
  { name: names.day, page: places.day.page, at: places.day.at, italic: true, align: 'center' },
  { name: names.month, page: places.month.page, at: places.month.at, italic: true, align: 'center' },
];

/** Day below ten and the months one and two get a zero in front (NĐ 30/2020, Phụ lục I, mục 4). */
const dateWords = (date: string): { day: string; month: string } => {
  const [, month, day] = date.split('-') as [string, string, string];
  return { day, month: Number(month) < 3 ? month : String(Number(month)) };
};

const ordinalOf = (number: string): string => number.split('/')[0]!.trim();

/** Time in Vietnam with its zone (ISO 8601), as appendices and copies show it. */
const timeWords = (at: Date): string =>
  `${new Date(at.getTime() + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;

/** Number and date drawn in the signature's own appearance, for files that came without fields. */
const drawnNumbers = (places: Places, { number, date }: Numbers): Part[] => {
  const { day, month } = dateWords(date);
  return [
    {
      text: places.number.found ? ordinalOf(number) : number,
      at: places.number.at,
      size: 13,
      align: 'center',
    },
    { text: day, at: places.day.at, size: 13, italic: true, align: 'center' },
    { text: month, at: places.month.at, size: 13, italic: true, align: 'center' },
  ];
};

/** What number and date are in the fields that were reserved for them, of those that the file has. */
export const reservedValues = async (file: Uint8Array, numbers: Numbers): Promise<FieldValue[]> => {
  const there = new Set((await readPdfFacts(file)).fields.map(({ name }) => name));
  const { day, month } = dateWords(numbers.date);
  return [
    { name: names.ordinal, text: ordinalOf(numbers.number) },
    { name: names.whole, text: numbers.number },
    { name: names.day, text: day },
    { name: names.month, text: month },
  ].filter(({ name }) => there.has(name));
};

export interface Layout {
  /** What is written into fields that were reserved. */
  values: FieldValue[];
  field?: string;
  page?: number;
  parts: Part[];
}

/**
 * What a signature shows and where: as the request says, else as the text of the document has it, else as NĐ 30/2020
 * lays documents out.
 */
export const layOut = async (
  file: Uint8Array,
  given: {
    appearance: Appearance | undefined;
    image: Uint8Array | undefined;
    /** The person above whose name signature and seal belong. */
    person: string | undefined;
    numbers: Numbers | undefined;
    at: Date;
  },
): Promise<Layout> => {
  const { appearance, image, numbers } = given;
  const kind = appearance?.kind ?? 'none';
  if (kind === 'none' && numbers === undefined) return { values: [], parts: [] };
  const { rectangle, page: wantedPage, field: wantedField } = appearance ?? {};
  if (
    numbers === undefined &&
    image !== undefined &&
    kind !== 'text' &&
    (wantedField ?? rectangle) !== undefined
  ) {
    const part = rectangle === undefined ? { image } : { image, at: rectangle };
    const field = wantedField === undefined ? {} : { field: wantedField };
    return { values: [], ...field, page: wantedPage ?? 1, parts: [part] };
  }
  const places = await findPlaces(file, given.person === undefined ? {} : { signer: given.person });
  const place = kind === 'seal' ? places.seal : kind === 'text' ? places.corner : places.signature;
  const at = appearance?.rectangle ?? place.at;
  const page = appearance?.page ?? place.page;
  const parts: Part[] = [];
  if (kind === 'text') {
    const text = appearance?.text ?? [numbers?.number, timeWords(given.at)].filter(Boolean).join('; ');
    parts.push({ text, at });
  } else if (kind !== 'none' && image !== undefined) parts.push({ image, at });
  const field = appearance?.field === undefined ? {} : { field: appearance.field };
  if (numbers === undefined) return { values: [], ...field, page, parts };
  const values = await reservedValues(file, numbers);
  if (values.length > 0) return { values, ...field, page, parts };
  // One widget stands on one page: with number and date in it, that is the first.
  return { values, page: 1, parts: [...drawnNumbers(places, numbers), ...(place.page === 1 ? parts : [])] };
};
