import type { CheckLine } from '#connectors/kit/check-connector.ts';
import type { ConfigSchema } from '#connectors/kit/connector-folder.ts';
import { isMessageKey, say } from './say.ts';

const nameOf = (step: string): string => {
  const key = `step.${step}`;
  return isMessageKey(key) ? say(key) : step;
};
const hintFor = (line: CheckLine): string => {
  const key = `hint.${line.step === 'settings' ? 'settings' : (line.code ?? 'broken-promise')}`;
  return isMessageKey(key) ? say(key) : '';
};

/** One line of the table: ✓ or ✗, what was tried, how long it took; what was wrong and what helps below it. */
export const printLine = (line: CheckLine): string => {
  const head = `${line.ok ? '✓' : '✗'} ${nameOf(line.step).padEnd(70)} ${String(line.durationMs).padStart(6)} ms`;
  if (line.ok) return line.detail === '' ? head : `${head}  (${line.detail})`;
  const code = line.code === undefined ? '' : `${line.code}: `;
  return `${head}\n    ${code}${line.detail.replaceAll('\n', '\n    ')}\n    → ${hintFor(line)}`;
};

export const printSummary = (lines: CheckLine[]): string => {
  const failed = lines.filter(line => !line.ok).length;
  return failed === 0
    ? `✓ ${say('check.passed', { count: lines.length })}`
    : `✗ ${say('check.failed', { failed, count: lines.length })}`;
};

/** What the settings file has to hold, from the connector's own schema. */
export const printSettings = (schema: ConfigSchema): string =>
  [
    say('check.settings'),
    ...Object.entries(schema.properties).map(([name, { title, default: standard }]) => {
      const needed = schema.required?.includes(name) ? ` (${say('check.required')})` : '';
      return `  ${name}: ${title}${needed}${standard === undefined ? '' : ` [${JSON.stringify(standard)}]`}`;
    }),
  ].join('\n');
