import { type Logger, pino } from 'pino';

/** Structured log lines (JSON on stdout, pino). Ids only: no name, number, address or secret is ever logged. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'child'>;

/** `level` is a pino level or `silent`. Known personal and secret fields are removed should one slip in. */
export const createLog = (level: string, name = 'lienthong'): Log =>
  pino({
    name,
    level,
    redact: {
      paths: [
        'name',
        'email',
        'phone',
        'citizenNumber',
        'password',
        'secret',
        'token',
        'authorization',
      ].flatMap(field => [`*.${field}`, `*.*.${field}`]),
      censor: '…',
    },
  });
