import type { Language } from '#hub/platform/messages.ts';
import { say } from '#hub/platform/messages.ts';
import type { FlowPropertyChange } from '#schemas/flow-version.ts';
import { dots } from './show-value.ts';

const longest = 160;
const shorten = (text: string): string => (text.length <= longest ? text : `${text.slice(0, longest - 1)}…`);

/** Wires: to which nodes each output leads. */
const isWires = (value: unknown): value is string[][] =>
  Array.isArray(value) &&
  value.every(port => Array.isArray(port) && port.every(name => typeof name === 'string'));

const oneLine = (language: Language, name: string, value: unknown): string => {
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
    return say(language, 'flow-versions.nothing');
  if (name === 'wires' && isWires(value)) {
    const ports = value.map((port, at) =>
      port.length === 0 ? '' : `${at + 1} → ${port.map(n => `“${n}”`).join(', ')}`,
    );
    return ports.filter(port => port !== '').join('; ') || say(language, 'flow-versions.nothing');
  }
  if (typeof value === 'boolean') return say(language, `flow-versions.${value ? 'yes' : 'no'}`);
  return typeof value === 'string' ? `“${shorten(value)}”` : shorten(JSON.stringify(value));
};

const linesOf = (value: unknown): string[] =>
  typeof value === 'string' && value !== '' ? value.split('\n') : [];

/** The lines that differ: those at the beginning and at the end that are the same are left out. */
const changedLines = (before: string[], after: string[]): string[] => {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const shortest = Math.min(before.length, after.length) - start;
  while (end < shortest && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return [
    ...before.slice(start, before.length - end).map(line => `- ${line}`),
    ...after.slice(start, after.length - end).map(line => `+ ${line}`),
  ];
};

/** One property, as lines: before and after; of a longer text the lines that are not the same. */
export const describeProperty = (
  language: Language,
  { name, before, after }: FlowPropertyChange,
): string[] => {
  const key = `flow-versions.property.${name}`;
  const word = say(language, key);
  const label = word === key ? name : word;
  const [old, now] = [linesOf(before), linesOf(after)];
  if (old.length > 1 || now.length > 1)
    return [`${label}:`, ...changedLines(old, now).map(line => `  ${line}`)];
  if (before === dots && after === dots) return [`${label}: ${say(language, 'flow-versions.secret')}`];
  return [`${label}: ${oneLine(language, name, before)} → ${oneLine(language, name, after)}`];
};
