import { setTimeout as pause } from 'node:timers/promises';
import { readGlance } from '#hub/console/read-glance.ts';
import type { PartContext } from '#hub/platform/part.ts';

const everyMs = 1000;
/** How often an open page is asked whether it may go on. */
const checkMs = 5000;
/** A comment line now and then keeps proxies from closing a quiet stream. */
const quietMs = 15_000;

/** Server-sent events: the page's content whenever it has changed, at most once a second, as long as `mayGoOn`. */
export async function* watchGlance(
  context: Pick<PartContext, 'db' | 'call'>,
  mayGoOn: () => Promise<boolean>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let shown = '';
  let saidAt = Date.now();
  let checkedAt = saidAt;
  while (!signal.aborted) {
    if (Date.now() - checkedAt > checkMs) {
      if (!(await mayGoOn().catch(() => true))) return;
      checkedAt = Date.now();
    }
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
