import { type PDF, PdfArray, PdfDict, type PdfObject, PdfRef, PdfStream } from '@libpdf/core';

/** Objects made and compressed once, to be put into many files: an image, a font. */
export interface Graft {
  source: PDF;
  root: PdfRef;
}

/** Puts ready-made objects into a file: the streams' bytes are shared, not compressed again. */
export const insert = ({ source, root }: Graft, target: PDF): PdfRef => {
  const done = new Map<string, PdfRef>();
  const copyOf = (ref: PdfRef): PdfRef => {
    const there = done.get(ref.toString());
    if (there) return there;
    const object = source.getObject(ref);
    if (!object) throw new TypeError(`A ready-made object refers to nothing: ${ref}`);
    const made = target.register(copy(object));
    done.set(ref.toString(), made);
    return made;
  };
  const copy = (value: PdfObject): PdfObject => {
    if (value instanceof PdfRef) return copyOf(value);
    if (value instanceof PdfArray) return new PdfArray([...value].map(copy));
    if (!(value instanceof PdfDict)) return value;
    const entries = [...value].map(([key, inner]): [string, PdfObject] => [key.value, copy(inner)]);
    return value instanceof PdfStream ? new PdfStream(entries, value.data) : new PdfDict(entries);
  };
  return copyOf(root);
};

/** Keeps the newest few of what is costly to make. */
export const createShelf = <T>(room: number) => {
  const kept = new Map<string, T>();
  return async (key: string, make: () => Promise<T>): Promise<T> => {
    const there = kept.get(key);
    if (there !== undefined) {
      kept.delete(key);
      kept.set(key, there);
      return there;
    }
    const made = await make();
    kept.set(key, made);
    if (kept.size > room) kept.delete(kept.keys().next().value!);
    return made;
  };
};
