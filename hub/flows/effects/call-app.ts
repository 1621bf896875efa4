import { type Static, Type } from 'typebox';
import { Check } from 'typebox/value';
import type { Effect } from '#hub/flows/effects/effect.ts';
import { AppError } from '#hub/platform/errors.ts';

const AppCall = Type.Object({
  app: Type.String(),
  port: Type.String(),
  method: Type.String(),
  input: Type.Unknown(),
});

/** Keys sign only what their holders approve, so no flow reaches a signing service. */
export const closedPorts: ReadonlySet<string> = new Set(['signer']);

/** One call of an app through its connector, with the timeout, rate and breaker of that app. */
export const callApp: Effect = async ({ call }, given) => {
  if (!Check(AppCall, given))
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '/input', code: 'app-port-method' }] });
  const { app: id, port, method, input } = given as Static<typeof AppCall>;
  if (closedPorts.has(port)) throw new AppError('flow-command-forbidden', { name: `${port}.${method}` });
  const app = await call('apps.get', { id });
  if (!app.enabled || app.connector === undefined) throw new AppError('unknown-connector', { connector: id });
  const answer = await call(
    'connectors.invoke',
    { id: app.connector, port, method, input: [input] },
    { timeoutMs: 90_000 },
  );
  if (!answer.ok)
    throw new AppError('flow-call-failed', { app: id, code: answer.code, text: answer.message });
  return answer.result;
};
