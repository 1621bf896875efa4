import type { AppAnswer } from '#sandbox/kit/app-server.ts';

/** A refusal in the portal's manner. */
export const error = (status: number, code: string, message: string, field?: string): AppAnswer => ({
  status,
  json: { error: { code, message, ...(field === undefined ? {} : { field }) } },
});
export const invalid = (field: string): AppAnswer =>
  error(422, 'validation_failed', 'Giá trị không hợp lệ', field);
