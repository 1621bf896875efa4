import type { Language } from '#hub/platform/messages.ts';
import type { CommandName, Commands } from '#schemas/calls.ts';
import type { ParamsOf, ResultOf } from '#schemas/command.ts';

/**
 * Asks another part, here or on another node: `call('staff.get', { id })`. Parameters are checked by the
 * part that answers; its `AppError` comes out as an `AppError` again. Times out after 30 s (or `timeoutMs`).
 */
export type Call = <N extends CommandName>(
  name: N,
  params: ParamsOf<Commands[N]>,
  options?: { timeoutMs?: number; nodeId?: string },
) => Promise<ResultOf<Commands[N]>>;

/** Answers of one part: for every command `part.verb` that it takes, a function. */
export type Handlers<Part extends string> = {
  [N in Extract<CommandName, `${Part}.${string}`>]: (
    params: ParamsOf<Commands[N]>,
  ) => Promise<ResultOf<Commands[N]>>;
};

export type { Language };
