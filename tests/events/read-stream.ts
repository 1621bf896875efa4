import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { CloudEvent } from '#schemas/cloud-event.ts';

/** An event stream as a browser would understand it (HTML Standard, 9.2.6), and its raw text. */
export interface ReadStream {
  status: number;
  headers: Headers;
  events: { id: string; type: string; data: CloudEvent }[];
  /** The last event id, also of a block that fired nothing. */
  lastId(): string | undefined;
  text(): string;
  /** Undefined while it goes on; then how it ended. */
  ended(): 'ended' | 'cut' | undefined;
  /** Waits until so many events were received. */
  received(count: number): Promise<void>;
  close(): void;
}

export const readStream = async (
  url: string,
  token: string,
  headers: Record<string, string> = {},
): Promise<ReadStream> => {
  const going = new AbortController();
  const answer = await fetch(url, {
    headers: { authorization: `Bearer ${token}`, ...headers },
    signal: going.signal,
  });
  const events: ReadStream['events'] = [];
  let text = '';
  let rest = '';
  let lastId: string | undefined;
  let ended: 'ended' | 'cut' | undefined;
  const takeBlock = (block: string): void => {
    const fields = new Map(
      block
        .split('\n')
        .filter(line => !line.startsWith(':'))
        .map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    lastId = fields.get('id') ?? lastId;
    const data = fields.get('data');
    if (data !== undefined)
      events.push({ id: lastId!, type: fields.get('event') ?? '', data: JSON.parse(data) });
  };
  const run = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      const more = decoder.decode(chunk, { stream: true });
      text += more;
      const blocks = (rest + more).split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) takeBlock(block);
    }
  };
  run().then(
    () => {
      ended = 'ended';
    },
    () => {
      ended = 'cut';
    },
  );
  return {
    status: answer.status,
    headers: answer.headers,
    events,
    lastId: () => lastId,
    text: () => text,
    ended: () => ended,
    async received(count) {
      await waitUntil(`${count} events`, () => events.length >= count, { withinMs: 15_000 });
    },
    close: () => going.abort(),
  };
};
