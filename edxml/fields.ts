import { EdxmlError } from '#edxml/edxml-error.ts';
import { childOf, childrenOf, type XmlElement } from '#edxml/read-xml.ts';
import type { XmlOutput } from '#edxml/write-xml.ts';

type Values = Record<string, unknown>;

/**
 * One element of a package and what it is with us, in both directions. A list of fields is a structure: they are
 * written in its order (the reference SDK's), and read in any.
 */
export interface Field {
  read(parent: XmlElement, place: string): Values;
  write(values: Values): XmlOutput[];
}

const prefix = 'edXML:';
const element = (name: string, content: XmlOutput['content']): XmlOutput => ({
  name: prefix + name,
  content,
});

export const readFields = (fields: Field[], parent: XmlElement, place: string): Values =>
  Object.assign({}, ...fields.map(field => field.read(parent, place))) as Values;
export const writeFields = (fields: Field[], values: Values): XmlOutput[] =>
  fields.flatMap(field => field.write(values));

/** How a value is written as text; `parse` answers undefined for what is none. */
interface Codec {
  parse(text: string): unknown;
  print(value: never): string;
}

const leaf =
  (codec: Codec) =>
  (name: string, property: string, { required = false } = {}): Field => ({
    read(parent, place) {
      const text = childOf(parent, name)?.text ?? '';
      if (text === '' && required) throw new EdxmlError('missing', `${place}/${name}`);
      if (text === '') return {};
      const value = codec.parse(text);
      if (value === undefined) throw new EdxmlError('invalid-value', `${place}/${name}`);
      return { [property]: value };
    },
    write(values) {
      const value = values[property];
      return value === undefined ? [] : [element(name, codec.print(value as never))];
    },
  });

const isDay = (iso: string): boolean => {
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
};
const parseDay = (text: string): string | undefined => {
  const [, year, month, day] = /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const iso = `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`;
  return isDay(iso) ? iso : undefined;
};

export const textField = leaf({ parse: text => text, print: (value: string) => value });
export const wholeField = leaf({
  parse: text => (/^-?\d{1,9}$/.test(text) ? Number(text) : undefined),
  print: (value: number) => String(value),
});
const parseTruth = (text: string): boolean | undefined =>
  ({ true: true, '1': true, false: false, '0': false })[text.toLowerCase()];
/** Written `true` or `false`; read also from `1` and `0`. */
export const truthField = leaf({ parse: parseTruth, print: (value: boolean) => String(value) });
/** Written `1` or `0`; read also from `true` and `false`. */
export const bitField = leaf({ parse: parseTruth, print: (value: boolean) => (value ? '1' : '0') });
/** `2018/08/03` is `2018-08-03`. */
export const dayField = leaf({ parse: parseDay, print: (value: string) => value.replaceAll('-', '/') });
/** `2018/08/03 09:15:00`, the clock in Vietnam, is `2018-08-03T09:15:00+07:00`. */
export const timeField = leaf({
  parse(text) {
    const [, day, time] = /^(\S+)[ T](([01]\d|2[0-3]):[0-5]\d:[0-5]\d)/.exec(text) ?? [];
    const iso = parseDay(day ?? '');
    return iso === undefined ? undefined : `${iso}T${time}+07:00`;
  },
  print: (value: string) => {
    const there = new Date(Date.parse(value) + 7 * 3_600_000).toISOString();
    return `${there.slice(0, 10).replaceAll('-', '/')} ${there.slice(11, 19)}`;
  },
});
/** A number that stands for one of a few words. */
export const choiceField = (name: string, property: string, words: Record<string, string>): Field =>
  leaf({
    parse: text => words[text],
    print: (value: string) => Object.keys(words).find(key => words[key] === value) ?? value,
  })(name, property);

/** The fields of an inner element; undefined when it is not there. @throws EdxmlError `missing` when it must be */
const readInner = (
  parent: XmlElement,
  place: string,
  { name, fields, required }: { name: string; fields: Field[]; required: boolean },
): Values | undefined => {
  const found = childOf(parent, name);
  if (found === undefined && required) throw new EdxmlError('missing', `${place}/${name}`);
  return found && readFields(fields, found, `${place}/${name}`);
};

/** An element whose fields are our own properties one level up. */
export const group = (name: string, fields: Field[], { required = false } = {}): Field => ({
  read: (parent, place) => readInner(parent, place, { name, fields, required }) ?? {},
  write(values) {
    const inner = writeFields(fields, values);
    return inner.length === 0 ? [] : [element(name, inner)];
  },
});

/** An element that is an object with us. */
export const one = (name: string, property: string, fields: Field[], { required = false } = {}): Field => ({
  read(parent, place) {
    const values = readInner(parent, place, { name, fields, required }) ?? {};
    return Object.keys(values).length === 0 ? {} : { [property]: values };
  },
  write(values) {
    const value = values[property] as Values | undefined;
    return value === undefined ? [] : [element(name, writeFields(fields, value))];
  },
});

/** A repeated element that is a list of objects; absent when there is none, unless `required`. */
export const many = (name: string, property: string, fields: Field[], { required = false } = {}): Field => ({
  read(parent, place) {
    const found = childrenOf(parent, name);
    if (found.length === 0 && required) throw new EdxmlError('missing', `${place}/${name}`);
    if (found.length === 0) return {};
    const at = (index: number) => `${place}/${name}${found.length > 1 ? `[${index + 1}]` : ''}`;
    return { [property]: found.map((child, index) => readFields(fields, child, at(index))) };
  },
  write: values =>
    ((values[property] ?? []) as Values[]).map(value => element(name, writeFields(fields, value))),
});

/** A repeated element that is a list of texts. */
export const texts = (name: string, property: string): Field => ({
  read(parent) {
    const found = childrenOf(parent, name)
      .map(({ text }) => text)
      .filter(text => text !== '');
    return found.length === 0 ? {} : { [property]: found };
  },
  write: values => ((values[property] ?? []) as string[]).map(text => element(name, text)),
});
