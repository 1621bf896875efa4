import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { argv, env, stdout } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { type HubEvent, openEventStore } from './event-store.ts';

// Reads the events of Liên Thông page by page and keeps its place in a file. Needs Node 24 and nothing else:
//   HUB=http://localhost:8080 CLIENT_ID=… CLIENT_SECRET=… node pull-events.ts          follows for ever
//   … node pull-events.ts --once                                                       reads what is there and ends

const { HUB = 'http://localhost:8080', CLIENT_ID = '', CLIENT_SECRET = '' } = env;
const { CURSOR_FILE = 'cursor.txt', EVENTS_FILE = 'events.ndjson' } = env;
const once = argv.includes('--once');
const store = openEventStore(EVENTS_FILE);

/** An answer that is no page. `retryAfter` in seconds, when the hub named it. */
class Refused extends Error {
  readonly status: number;
  readonly retryAfter: number;
  constructor(status: number, text: string, retryAfter: number) {
    super(`the hub answered ${status}: ${text}`);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

const ask = async <T>(path: string, init: RequestInit): Promise<T> => {
  // Longer than the hub waits for news.
  const response = await fetch(HUB + path, { ...init, signal: AbortSignal.timeout(60_000) });
  const text = await response.text();
  if (!response.ok)
    throw new Refused(response.status, text.slice(0, 500), Number(response.headers.get('retry-after') ?? 0));
  return JSON.parse(text) as T;
};

let token = '';
let tokenEndsAt = 0;
const currentToken = async (): Promise<string> => {
  if (Date.now() < tokenEndsAt) return token;
  const basic = Buffer.from(`${encodeURIComponent(CLIENT_ID)}:${encodeURIComponent(CLIENT_SECRET)}`);
  const { access_token, expires_in } = await ask<{ access_token: string; expires_in: number }>('/sso/token', {
    method: 'POST',
    headers: { authorization: `Basic ${basic.toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'events.read' }),
  });
  token = access_token;
  tokenEndsAt = Date.now() + (expires_in - 60) * 1000;
  return token;
};

interface Page {
  items: HubEvent[];
  next: string;
  more?: boolean;
}

const readPage = async (after: string): Promise<Page> => {
  const query = new URLSearchParams({ limit: '500', wait: once ? '0' : '25' });
  if (after !== '') query.set('after', after);
  return ask<Page>(`/api/v1/events?${query}`, {
    headers: { authorization: `Bearer ${await currentToken()}` },
  });
};

/** Whole or not at all, whatever happens in between. */
const keepPlace = (cursor: string): void => {
  writeFileSync(`${CURSOR_FILE}.new`, cursor, { flush: true });
  renameSync(`${CURSOR_FILE}.new`, CURSOR_FILE);
};

// Without a place: from the beginning of the log.
let place = existsSync(CURSOR_FILE) ? readFileSync(CURSOR_FILE, 'utf8').trim() : '';
let failures = 0;
for (;;) {
  try {
    const { items, next, more } = await readPage(place);
    for (const { type, subject, id } of store.take(items)) stdout.write(`took ${type} ${subject} ${id}\n`);
    // After the work, never before it: what was not kept comes again, and the store knows it.
    if (next !== place) keepPlace(next);
    place = next;
    failures = 0;
    if (once && items.length === 0 && more !== true) break;
  } catch (error) {
    const refused = error instanceof Refused ? error : undefined;
    // A token that ended early is worth one more try; wrong credentials are not.
    if (refused?.status === 401 && failures === 0) tokenEndsAt = 0;
    // What is wrong with our request is not mended by waiting.
    else if (refused !== undefined && refused.status < 500 && refused.status !== 429) throw error;
    failures += 1;
    if (once && failures > 5) throw error;
    const seconds = Math.max(refused?.retryAfter ?? 0, Math.min(60, 2 ** failures));
    stdout.write(`${(error as Error).message}; again in ${seconds} s\n`);
    await pause(seconds * 1000);
  }
}
