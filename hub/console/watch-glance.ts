import { setTimeout as pause } from 'node:timers/promises';
import { readGlance } from '#hub/console/read-glance.ts';
import type { PartContext } from '#hub/platform/part.ts';

const everyMs = 1000;
/** A comment line now and then keeps proxies from closing a quiet stream. */
const quietMs = 15_000;

/** Server-sent events: the page's content whenever it has changed, at most once a second. */
export async function* watchGlance(
  context: Pick<PartContext, 'db' | 'call'>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let shown = '';
  let saidAt = Date.now();
  while (!signal.aborted) {
    const text = JSON.stringify(await readGlance(context).catch(() => undefined));
    if (text !== undefined && text !== shown) {
      shown = text;
      saidAt = Date.now();
      yield `data: ${text}\n\n`;
    } else if (Date.now() - saidAt > quietMs) {
      saidAt = Date.now();
      yield ': still here\n\n';
    }
    await pause(everyMs, undefined, { signal }).catch(() => {});
  }
}
