import type { CommandName, Commands } from '#schemas/calls.ts';
import type { ParamsOf, ResultOf } from '#schemas/command.ts';

export type { Call } from '#schemas/calls.ts';

/** Answers of one part: for every command `part.verb` that it takes, a function. */
export type Handlers<Part extends string> = {
  [N in Extract<CommandName, `${Part}.${string}`>]: (
    params: ParamsOf<Commands[N]>,
  ) => Promise<ResultOf<Commands[N]>>;
};
