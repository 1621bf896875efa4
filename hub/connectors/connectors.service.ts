import { setTimeout as pause } from 'node:timers/promises';
import { listConnectorIds } from '#connectors/kit/connector-folder.ts';
import { listConnectors } from '#connectors/kit/load-connector.ts';
import { portMethods } from '#connectors/kit/port-methods.ts';
import type { PortName } from '#connectors/kit/ports.ts';
import { createFleet, retryMs } from '#hub/connectors/connector-fleet.ts';
import { connectorRoutes } from '#hub/connectors/connectors.routes.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { CreatePart } from '#hub/platform/part.ts';

/** Runs the connectors of this node: the only part that lets calls out to the apps. */
const createConnectors: CreatePart = context => {
  const fleet = createFleet(context);
  let running = true;
  let stopListening = (): void => {};
  return {
    name: 'connectors',
    actions: {
      'connectors.list': async () => fleet.states(),
      'connectors.known': async () => listConnectorIds(),
      'connectors.ports': async () =>
        listConnectors().map(({ id, manifest }) => ({
          id,
          ports: manifest.ports.map(name => ({ name, methods: [...portMethods[name as PortName]] })),
        })),
      'connectors.check': async ({ id }) => {
        const check = await fleet.check(id);
        if (check === undefined) throw new AppError('unknown-connector', { id });
        return check;
      },
      'connectors.invoke': ({ id, port, method, input }) => fleet.invoke(id, port, method, input),
    },
    routes: connectorRoutes(context.call),
    async start() {
      stopListening = context.wake.on('apps', () => void fleet.refresh());
      // Without settings nothing can be called: not ready before the hub has given them.
      while (running && !(await fleet.refresh())) await pause(retryMs, undefined, { ref: false });
    },
    async stop() {
      running = false;
      stopListening();
      await fleet.close();
    },
  };
};

export default createConnectors;
