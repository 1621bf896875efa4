import jsonata from 'jsonata';

/** Expressions by name, and what each of them is evaluated on. */
export interface MappingWork {
  expressions: Record<string, string>;
  inputs: unknown[];
}

/** What one input gave: values by name, or the name of the expression that failed and why (no values in it). */
export type MappingAnswer = { values: Record<string, string | number> } | { failed: string; reason: string };

const longest = 1000;
/** Limits inside JSONata; what they do not stop (a regular expression) is stopped by ending the worker. */
const limits = { timeout: 50, stack: 200, sequence: 1000 };

const compiled = new Map<string, jsonata.Expression>();
const compile = (text: string): jsonata.Expression => {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  if (compiled.size >= 500) compiled.clear();
  const expression = jsonata(text, limits);
  compiled.set(text, expression);
  return expression;
};

const evaluate = async (expressions: Record<string, string>, input: unknown): Promise<MappingAnswer> => {
  const values: Record<string, string | number> = {};
  for (const [name, text] of Object.entries(expressions)) {
    try {
      const value: unknown = await compile(text).evaluate(input);
      if (value === undefined || value === null) continue;
      if (typeof value !== 'string' && !(typeof value === 'number' && Number.isFinite(value)))
        return { failed: name, reason: 'the result is neither text nor a number' };
      if (String(value).length > longest)
        return { failed: name, reason: `the result is longer than ${longest} characters` };
      values[name] = value;
    } catch (error) {
      // JSONata's code only: its message may quote a person's data.
      return { failed: name, reason: `JSONata error ${(error as { code?: string }).code ?? 'unknown'}` };
    }
  }
  return { values };
};

/** Runs in a worker thread: all expressions on all inputs, one answer for each input. No inputs: a sign of life. */
export default async ({ expressions, inputs }: MappingWork): Promise<MappingAnswer[]> => {
  const answers: MappingAnswer[] = [];
  for (const input of inputs) answers.push(await evaluate(expressions, input));
  return answers;
};
