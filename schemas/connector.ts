import { type Static, Type } from 'typebox';

/** `manifest.json` of a connector folder. */
export const ConnectorManifest = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' }),
    name: Type.Object({ vi: Type.String(), en: Type.String() }),
    ports: Type.Array(
      Type.String({
        enum: [
          'accounts',
          'attendance',
          'calendar',
          'cases',
          'directives',
          'documents',
          'documentAxis',
          'dossiers',
          'hrSource',
          'notices',
          'personnel',
          'programme',
          'signer',
          'signingSource',
          'statistics',
          'tasks',
        ],
      }),
    ),
    /** Which account attributes the app can hold; the rest is never sent. */
    accountAttributes: Type.Optional(Type.Array(Type.String())),
    /** Whether the hub may create accounts here (not in the HR software: people start there). */
    createsAccounts: Type.Optional(Type.Boolean()),
    owner: Type.String(),
    quality: Type.Record(
      Type.String(),
      Type.Object({
        state: Type.String({ enum: ['done', 'todo', 'exempt'] }),
        why: Type.Optional(Type.String()),
      }),
    ),
  },
  { additionalProperties: false },
);
export type ConnectorManifest = Static<typeof ConnectorManifest>;

/** What holds for an app until the IT centre says otherwise. */
export const guardDefaults = {
  timeoutMs: 10_000,
  concurrency: 8,
  perSecond: 500,
  maxBytes: 20_000_000,
  breakAfter: 5,
  breakMs: 5_000,
};

/** How hard the hub may press an app, and how long it waits. Every connector takes these settings. */
export const GuardSettings = Type.Object({
  timeoutMs: Type.Integer({
    minimum: 100,
    maximum: 300_000,
    default: guardDefaults.timeoutMs,
    title: 'Thời gian chờ (ms)',
  }),
  concurrency: Type.Integer({
    minimum: 1,
    maximum: 200,
    default: guardDefaults.concurrency,
    title: 'Số lời gọi đồng thời',
  }),
  perSecond: Type.Integer({
    minimum: 1,
    maximum: 10_000,
    default: guardDefaults.perSecond,
    title: 'Số lời gọi mỗi giây',
  }),
  maxBytes: Type.Integer({
    minimum: 1024,
    default: guardDefaults.maxBytes,
    title: 'Cỡ trả lời lớn nhất (byte)',
  }),
  breakAfter: Type.Integer({
    minimum: 1,
    default: guardDefaults.breakAfter,
    title: 'Ngắt mạch sau bao nhiêu lỗi liên tiếp',
  }),
  breakMs: Type.Integer({
    minimum: 100,
    default: guardDefaults.breakMs,
    title: 'Ngắt mạch trong bao lâu (ms)',
  }),
});
export type GuardSettings = Static<typeof GuardSettings>;

/** What the IT centre sees of a connector. */
export interface ConnectorState {
  id: string;
  name: { vi: string; en: string };
  ports: string[];
  node: string;
  breaker: 'closed' | 'open' | 'half-open';
  inFlight: number;
  lastSuccessAt?: string;
  lastErrorAt?: string;
  lastError?: { code: string; message: string };
  accountAttributes: string[];
  createsAccounts: boolean;
}
