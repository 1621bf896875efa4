import type { AppAnswer } from '#sandbox/kit/app-server.ts';

export const no = (status: number, error: string): AppAnswer => ({
  status,
  json: { error, error_description: 'what was wrong stands here in the words of the service' },
});
/** Nearly every fault of the API is this one. */
export const invalid = (): AppAnswer => no(400, 'invalid_request');

/** The names that differ between the versions. */
export const numbers = (version: '1' | '2') => ({ hashes: version === '1' ? 'hash' : 'hashes' });
