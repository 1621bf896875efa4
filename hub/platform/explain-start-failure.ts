import { DataDirectoryInUse } from '#hub/platform/embedded/data-directory-lock.ts';
import { AppError } from '#hub/platform/errors.ts';
import { sayBoth } from '#hub/platform/messages.ts';

const keyOf = (error: unknown): { key: string; params: Record<string, string | number> } | undefined => {
  if (error instanceof AppError) return { key: `errors.${error.code}`, params: error.params };
  if (error instanceof DataDirectoryInUse)
    return { key: 'start.data-in-use', params: { folder: error.directory, pid: error.pid ?? '?' } };
  const { code, port = 0 } = (error ?? {}) as NodeJS.ErrnoException & { port?: number };
  return code === 'EADDRINUSE' ? { key: 'start.port-in-use', params: { port } } : undefined;
};

/**
 * Why the hub could not start and what to do, Vietnamese first, for whoever typed the command. Undefined for what
 * is not foreseen: then the stack says more than we could.
 */
export const explainStartFailure = (error: unknown): string | undefined => {
  const found = keyOf(error);
  return found && sayBoth(found.key, found.params);
};
