import { fits } from '#flows/cases/fits.ts';
import type { Played } from '#flows/cases/play-hub.ts';
import type { FlowCase } from '#schemas/flow-case.ts';

const short = (value: unknown): string => JSON.stringify(value)?.slice(0, 300) ?? 'nothing';

/** What a case expected and did not get, in words; empty: it passed. Pure. */
export const judgeCase = (
  { calls, ends }: Pick<FlowCase, 'calls' | 'ends'>,
  played: Pick<Played, 'calls' | 'ended' | 'fault'>,
): string[] => {
  const faults: string[] = [];
  const ended = played.ended ?? 'nothing';
  if (ended !== ends) {
    const why =
      played.fault && ` (${played.fault.nodeName ?? played.fault.node ?? '?'}: ${played.fault.text})`;
    faults.push(`The message should end as "${ends}", it ended as "${ended}"${why ?? ''}.`);
  }
  for (const [at, { command, input }] of calls.entries()) {
    const came = played.calls[at];
    if (came === undefined)
      faults.push(`Call ${at + 1} should be ${command} ${short(input)}, there was none.`);
    else if (came.command !== command || !fits(came.input, input ?? {}))
      faults.push(
        `Call ${at + 1} should be ${command} ${short(input)}, it was ${came.command} ${short(came.input)}.`,
      );
  }
  for (const { command, input } of played.calls.slice(calls.length))
    faults.push(`Nobody expected ${command} ${short(input)}.`);
  return faults;
};
