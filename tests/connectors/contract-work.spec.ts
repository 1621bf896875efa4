import { listConnectorIds, readConnectorFolder } from '#connectors/kit/connector-folder.ts';
import { type ContractCheck, checksFor } from '#connectors/kit/contract/contract-check.ts';
import { calendarContract } from '#connectors/kit/contract/daily-work/calendar-contract.ts';
import { casesContract } from '#connectors/kit/contract/daily-work/cases-contract.ts';
import { changesContract } from '#connectors/kit/contract/daily-work/changes-contract.ts';
import { directivesContract } from '#connectors/kit/contract/daily-work/directives-contract.ts';
import { dossiersContract } from '#connectors/kit/contract/daily-work/dossiers-contract.ts';
import {
  attendanceContract,
  personnelContract,
  statisticsContract,
} from '#connectors/kit/contract/daily-work/records-contract.ts';
import {
  makeCalendarEntry,
  makeCase,
  makeDirective,
  makeProgrammeItem,
  makeTask,
} from '#connectors/kit/contract/daily-work/samples.ts';
import { tasksContract } from '#connectors/kit/contract/daily-work/tasks-contract.ts';
import type { ConnectorInstance } from '#connectors/kit/define-connector.ts';
import { loadConnector } from '#connectors/kit/load-connector.ts';
import { portMethods } from '#connectors/kit/port-methods.ts';
import type { PortName } from '#connectors/kit/ports.ts';
import type { StartedForContract } from '#sandbox/kit/started-for-contract.ts';
import { startSandbox } from '#tests/connectors/start-sandbox.ts';

const whose = {
  unitCode: 'H57.01',
  otherUnitCode: 'H57.02',
  staffCode: 'H57.001',
  otherStaffCode: 'H57.002',
};
const contracts = {
  attendance: attendanceContract,
  calendar: calendarContract,
  cases: [...changesContract('cases'), ...casesContract],
  directives: [...changesContract('directives'), ...directivesContract],
  dossiers: dossiersContract,
  personnel: personnelContract,
  programme: changesContract('programme'),
  statistics: statisticsContract,
  tasks: [...changesContract('tasks'), ...tasksContract],
} as Record<string, ContractCheck<unknown>[]>;

const makers: Record<string, () => object> = {
  calendar: () => makeCalendarEntry(whose),
  cases: () => makeCase(whose),
  directives: () => makeDirective(whose),
  programme: () => makeProgrammeItem(whose),
  tasks: () => makeTask(whose),
};

type Method = (argument: unknown, context: { signal: AbortSignal }) => Promise<unknown>;

/** The port's methods with a context of their own, and what the checks need beside them. */
const subjectOf = (port: PortName, instance: ConnectorInstance, started: StartedForContract) => {
  const offered = instance.ports[port] as unknown as Record<string, Method>;
  const methods = portMethods[port].map(method => [
    method,
    (argument: unknown) => offered[method]!.call(offered, argument, { signal: AbortSignal.timeout(20_000) }),
  ]);
  return {
    ...Object.fromEntries(methods),
    ...whose,
    make: makers[port],
    keyOf: (held: { id?: string; number?: string }) => (port === 'cases' ? held.number : held.id),
    byHand: started.byHand?.[port],
    files: instance.ports.signingSource,
  };
};

for (const id of listConnectorIds()) {
  const { manifest } = readConnectorFolder(id);
  const ports = manifest.ports.filter(port => Object.hasOwn(contracts, port)) as PortName[];
  if (ports.length === 0) continue;
  describe(`connector ${id} keeps the contract of daily work`, () => {
    let started: StartedForContract;
    let instance: ConnectorInstance;
    before(async () => {
      started = await startSandbox(id);
      instance = (await loadConnector(id, { ...started.settings, ...started.extraSettings })).instance;
    });
    after(async () => {
      await instance?.close?.();
      await started?.app.stop();
    });
    for (const port of ports)
      describe(port, () => {
        for (const check of checksFor(contracts[port]!, manifest))
          it(check.title, () => check.run(subjectOf(port, instance, started)));
      });
  });
}
