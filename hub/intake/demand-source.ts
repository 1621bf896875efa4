import { Type } from 'typebox';
import { AppError } from '#hub/platform/errors.ts';
import type { Caller } from '#hub/platform/http/route.ts';

/** Where records come from: an app's id, or a name of its own below it (`so-noi-vu/truong-hoc`). */
export const Source = Type.String({
  pattern: '^[a-z][a-z0-9-]{0,40}(/[a-z0-9][a-z0-9-]{0,40})?$',
  'x-words': 'source-pattern',
});

/**
 * The source that a caller's records have; `asked` is what it named, `usual` what stands for no app. An app's
 * client speaks for that app alone: what a source says is judged by its name (the HR software's codes are keys,
 * `correlate`). Of clients without an app only those of administrators may name one.
 *
 * @throws {AppError} `source-of-another`
 */
export const demandSource = ({ appId, scopes }: Caller, asked: string | undefined, usual: string): string => {
  const source = asked ?? appId ?? usual;
  const own =
    appId === undefined
      ? source === usual || scopes.includes('admin')
      : source === appId || source.startsWith(`${appId}/`);
  if (!own) throw new AppError('source-of-another', { source });
  return source;
};
