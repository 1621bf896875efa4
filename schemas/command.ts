import type { Static, TSchema } from 'typebox';

/** A command or question that one part takes from others: what it wants (checked) and what it answers. */
export interface Command<P extends TSchema = TSchema, R = unknown> {
  params: P;
  /** Only a type: answers come from our own code and are not checked at run time. */
  readonly result?: R;
}

/** `command<Answer>()(Type.Object({…}))`: the answer's type is given, the parameters' is inferred. */
export const command =
  <R>() =>
  <P extends TSchema>(params: P): Command<P, R> => ({ params });

export type ParamsOf<C> = C extends Command<infer P, unknown> ? Static<P> : never;
export type ResultOf<C> = C extends Command<TSchema, infer R> ? R : never;
