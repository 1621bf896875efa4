import { Gauge, register } from 'prom-client';
import type { Call } from '#hub/platform/calls.ts';

const tasksName = 'lienthong_provisioning_tasks';

/** Queue lengths and the age of the oldest waiting task, by app, read when `/metrics` is asked for. */
export const publishFigures = (call: Call): void => {
  if (register.getSingleMetric(tasksName) !== undefined) return;
  const ages = new Gauge({
    name: 'lienthong_provisioning_oldest_ready_seconds',
    help: 'Age of the oldest waiting task, by app',
    labelNames: ['app'] as const,
  });
  new Gauge({
    name: tasksName,
    help: 'Tasks of provisioning, by app and state',
    labelNames: ['app', 'state'] as const,
    async collect() {
      for (const { app, queue, oldestReadyAt } of await call('provisioning.health', {}).catch(() => [])) {
        for (const [state, count] of Object.entries(queue)) this.set({ app, state }, count);
        ages.set({ app }, oldestReadyAt === undefined ? 0 : (Date.now() - Date.parse(oldestReadyAt)) / 1000);
      }
    },
  });
};
