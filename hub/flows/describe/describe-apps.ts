import { closedPorts } from '#hub/flows/effects/call-app.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { FlowApp } from '#schemas/flow-forms.ts';

/** Apps that are on, by name, with what flows may ask of their connector. */
export const describeApps = async ({ call }: Pick<PartContext, 'call'>): Promise<FlowApp[]> => {
  const [apps, known] = await Promise.all([call('apps.list', {}), call('connectors.ports', {})]);
  const portsOf = new Map(known.map(({ id, ports }) => [id, ports]));
  return apps
    .flatMap(({ id, name, enabled, connector }) => {
      if (!enabled || connector === undefined) return [];
      const ports = (portsOf.get(connector) ?? []).filter(port => !closedPorts.has(port.name));
      return ports.length === 0 ? [] : [{ id, name, connector, ports }];
    })
    .sort((one, other) => one.name.localeCompare(other.name, 'vi'));
};
