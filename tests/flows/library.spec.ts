import assert from 'node:assert/strict';
import type { TSchema } from 'typebox';
import { Errors } from 'typebox/value';
import { readConnectorFolder } from '#connectors/kit/connector-folder.ts';
import { portInputs } from '#connectors/kit/port-inputs.ts';
import { portMethods } from '#connectors/kit/port-methods.ts';
import type { PortName } from '#connectors/kit/ports.ts';
import { runCases } from '#flows/cases/run-cases.ts';
import { readLibrary } from '#flows/library/read-library.ts';
import { createLog } from '#hub/platform/log.ts';
import { FlowContents } from '#schemas/flow.ts';
import { FlowCase, type FlowCaseResult } from '#schemas/flow-case.ts';

const library = readLibrary();
/** Faults in words; none: it fits. */
const faultsOf = (schema: TSchema, value: unknown): string[] =>
  Errors(schema, value).map(({ instancePath, message }) => `${instancePath} ${message}`);

describe('The library of flows', function () {
  this.timeout(120_000);
  let results: FlowCaseResult[];
  before(async () => {
    const refuse = async (): Promise<never> => {
      throw new Error('a case asked the hub');
    };
    results = await runCases(
      { call: refuse as never, log: createLog('silent') },
      library.flatMap(({ contents }) => contents),
      library.map(({ id, cases }) => ({ flow: id, cases })),
    );
  });

  it('has no two nodes of one id', () => {
    const ids = library.flatMap(({ contents }) => contents.map(({ id }) => id));
    assert.deepEqual(
      ids.filter((id, at) => ids.indexOf(id) !== at),
      [],
    );
  });

  for (const { id, contents, cases } of library)
    describe(id, () => {
      it('is one tab of that name, with a page and nodes that have a place', () => {
        assert.deepEqual(faultsOf(FlowContents, contents), []);
        const [tab, ...others] = contents.filter(({ type }) => type === 'tab');
        assert.deepEqual([tab?.id, others.length], [id, 0]);
        assert.match(String(tab?.info), /^# .+[\s\S]{300}/);
        for (const { id: node, type, z, x, y } of contents)
          if (type !== 'tab')
            assert.ok(
              z === id && node.startsWith(`${id}-`) && Number(x) > 0 && Number(y) > 0,
              `${node} has no place in ${id}`,
            );
      });
      it('wires only what is there', () => {
        const known = new Set(contents.map(node => node.id));
        const to = contents.flatMap(({ wires }) => ((wires ?? []) as string[][]).flat());
        assert.deepEqual(
          to.filter(node => !known.has(node)),
          [],
        );
      });
      it('calls ports that the apps have', () => {
        for (const { name, type, app, port, method } of contents) {
          if (type !== 'lienthong-app-call' && type !== 'lienthong-changes-in') continue;
          const methods: readonly string[] = portMethods[port as PortName] ?? [];
          const wanted = type === 'lienthong-changes-in' ? 'list' : String(method);
          assert.ok(methods.includes(wanted), `${name}: there is no ${port}.${wanted}`);
          const { ports } = readConnectorFolder(String(app)).manifest;
          assert.ok(ports.includes(port as PortName), `${name}: ${app} has no port ${port}`);
        }
      });
      it('has cases: the usual one, the repeat, and what goes wrong', () => {
        assert.ok(cases.length >= 3, `${cases.length} cases`);
        for (const given of cases) assert.deepEqual(faultsOf(FlowCase, given), [], given.name);
        assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length, 'two cases of one name');
      });
      for (const [at, { name }] of cases.entries())
        it(name, () => {
          const result = results.filter(({ flow }) => flow === id)[at]!;
          assert.deepEqual(result.faults, []);
          for (const { command, input } of result.calls) {
            if (command !== 'app.call') continue;
            const call = input as { port: string; method: string; input: unknown };
            const schema = (portInputs[call.port as PortName] as Record<string, TSchema> | undefined)?.[
              call.method
            ];
            if (schema === undefined) continue;
            assert.deepEqual(faultsOf(schema, call.input), [], `${call.port}.${call.method}`);
          }
        });
    });
});
