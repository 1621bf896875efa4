import type { CheckLine } from './check-connector.ts';
import type { ConnectorInstance } from './define-connector.ts';
import type { Guard } from './guard.ts';
import type { PortName } from './ports.ts';
import { runPort } from './run-port.ts';

const today = (): string => new Date().toISOString().slice(0, 10);

/** The reading call of each port of daily work; a port that only writes has none. */
const readings: { port: PortName; method: string; argument(): object }[] = [
  { port: 'tasks', method: 'list', argument: () => ({ limit: 20 }) },
  { port: 'directives', method: 'list', argument: () => ({ limit: 20 }) },
  { port: 'cases', method: 'list', argument: () => ({ limit: 20 }) },
  { port: 'programme', method: 'list', argument: () => ({ limit: 20 }) },
  { port: 'dossiers', method: 'list', argument: () => ({ dueUntil: today(), limit: 20 }) },
  { port: 'statistics', method: 'figures', argument: () => ({ from: today(), until: today() }) },
];

/** Reads once from every port of daily work that a connector offers; what is found is counted, never told. */
export const checkWork = async (instance: ConnectorInstance, guard: Guard): Promise<CheckLine[]> => {
  const lines: CheckLine[] = [];
  for (const { port, method, argument } of readings) {
    if (instance.ports[port] === undefined) continue;
    const answer = await runPort(instance, guard, port, method, [argument()]);
    const step = `${port}.${method}`;
    const { durationMs } = answer;
    if (!answer.ok) lines.push({ step, ok: false, code: answer.code, detail: answer.message, durationMs });
    else {
      const { items } = answer.result as { items?: unknown[] };
      lines.push({ step, ok: true, detail: items === undefined ? '' : String(items.length), durationMs });
    }
  }
  return lines;
};
