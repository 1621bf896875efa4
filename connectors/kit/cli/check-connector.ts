import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkByWriting } from '#connectors/kit/check-by-writing.ts';
import { type CheckLine, checkConnector } from '#connectors/kit/check-connector.ts';
import { ConnectorSetupError, readConnectorFolder } from '#connectors/kit/connector-folder.ts';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { createGuard } from '#connectors/kit/guard.ts';
import { type LoadedConnector, loadConnector } from '#connectors/kit/load-connector.ts';
import type { DesiredAccount } from '#schemas/account.ts';
import { printLine, printSettings, printSummary } from './print-check.ts';
import { say } from './say.ts';

const print = (text: string): boolean => process.stdout.write(`${text}\n`);
const complain = (text: string): number => {
  process.stderr.write(`✗ ${text}\n`);
  return 2;
};

class UnreadableFile extends Error {}
const readJson = (file: string | undefined, fallback: unknown): unknown => {
  if (file === undefined) return fallback;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new UnreadableFile(say('check.bad-file', { file }));
  }
};

const write = async (
  { instance, manifest, guardSettings }: LoadedConnector,
  people: Partial<DesiredAccount>[],
): Promise<CheckLine[]> => {
  if (instance.ports.accounts === undefined) return [];
  try {
    return await checkByWriting(instance.ports.accounts, createGuard(guardSettings), manifest, people);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return [{ step: 'write', ok: false, code: error.code, detail: error.message, durationMs: 0 }];
  }
};

/**
 * `npm run connector:check -- <id> --settings file.json [--write [--people file.json]]`. Exit code 0: all well,
 * 1: something failed, 2: it could not begin.
 */
const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      settings: { type: 'string' },
      write: { type: 'boolean', default: false },
      people: { type: 'string' },
    },
  });
  const [id] = positionals;
  if (id === undefined || positionals.length > 1) return complain(say('check.usage'));
  const folder = readConnectorFolder(id);
  const settings = readJson(values.settings, {});
  const people = readJson(values.people, []) as Partial<DesiredAccount>[];
  print(`${folder.manifest.name.vi} / ${folder.manifest.name.en}`);

  let loaded: LoadedConnector;
  try {
    loaded = await loadConnector(id, settings);
  } catch (error) {
    if (!(error instanceof ConnectorSetupError)) throw error;
    print(printLine({ step: 'settings', ok: false, detail: error.message, durationMs: 0 }));
    print(printSettings(folder.configSchema));
    return 1;
  }
  const lines: CheckLine[] = [{ step: 'settings', ok: true, detail: '', durationMs: 0 }];
  lines.push(...(await checkConnector(loaded.instance, createGuard(loaded.guardSettings))));
  if (values.write && lines.every(line => line.ok)) lines.push(...(await write(loaded, people)));
  await loaded.instance.close?.();
  for (const line of lines) print(printLine(line));
  print(printSummary(lines));
  return lines.every(line => line.ok) ? 0 : 1;
};

try {
  process.exitCode = await main();
} catch (error) {
  const { code } = error as { code?: string };
  const usage = code?.startsWith('ERR_PARSE_ARGS') ?? false;
  if (!usage && !(error instanceof ConnectorSetupError) && !(error instanceof UnreadableFile)) throw error;
  process.exitCode = complain(usage ? say('check.usage') : (error as Error).message);
}
