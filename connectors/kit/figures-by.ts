import { type Static, type TInteger, type TObject, Type } from 'typebox';
import type { FigureName, Figures } from '#schemas/daily-work/figures.ts';

/** Counts as an app tells them, from its own word for each figure that it has: their shape, and how they are read. */
export const figuresBy = (words: Partial<Record<FigureName, string>>) => {
  const shape: TObject<Record<string, TInteger>> = Type.Object(
    Object.fromEntries(Object.values(words).map(word => [word, Type.Integer({ minimum: 0 })])),
  );
  return {
    shape,
    read: (counts: Static<typeof shape>): Figures['period'] =>
      Object.fromEntries(Object.entries(words).map(([name, word]) => [name, counts[word]])),
  };
};
