import { ScimError } from '#hub/scim/scim-error.ts';
import { scimLimits } from '#schemas/scim.ts';

export const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type Operator = (typeof operators)[number];
export type FilterValue = string | number | boolean | null;

/** A filter as a tree (RFC 7644 §3.4.2.2). `path` is an attribute as it was written. */
export type Filter =
  | { all: Filter[] }
  | { any: Filter[] }
  | { not: Filter }
  | { path: string; op: Operator; value: FilterValue }
  | { present: string }
  | { path: string; where: Filter };

const words = /[A-Za-z$][\w$:.-]*/y;
const literals = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|(?:true|false|null)\b/iy;

/** Reads one filter, or the part in brackets of a path. `and` binds closer than `or`, `not` wants its brackets. */
class Reader {
  readonly text: string;
  at = 0;
  terms = 0;
  constructor(text: string) {
    this.text = text;
  }
  fail(): never {
    throw new ScimError('filter-unreadable', { at: this.at + 1 });
  }
  blanks(): void {
    while (this.text[this.at] === ' ') this.at += 1;
  }
  take(pattern: RegExp): string | undefined {
    this.blanks();
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
  /** Takes a word of the language or leaves the place as it was. */
  keyword(word: string): boolean {
    const before = this.at;
    if (this.take(words)?.toLowerCase() === word) return true;
    this.at = before;
    return false;
  }
  sign(sign: string): boolean {
    this.blanks();
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }
  either(depth: number): Filter {
    if (depth > scimLimits.filterDepth) throw new ScimError('filter-too-long');
    const any = [this.both(depth)];
    while (this.keyword('or')) any.push(this.both(depth));
    return any.length === 1 ? any[0]! : { any };
  }
  both(depth: number): Filter {
    const all = [this.term(depth)];
    while (this.keyword('and')) all.push(this.term(depth));
    return all.length === 1 ? all[0]! : { all };
  }
  group(depth: number, end: string): Filter {
    const inner = this.either(depth + 1);
    return this.sign(end) ? inner : this.fail();
  }
  term(depth: number): Filter {
    if (++this.terms > scimLimits.filterTerms) throw new ScimError('filter-too-long');
    if (this.sign('(')) return this.group(depth, ')');
    const before = this.at;
    if (this.keyword('not')) {
      if (this.sign('(')) return { not: this.group(depth, ')') };
      this.at = before;
    }
    const path = this.take(words) ?? this.fail();
    if (this.text[this.at] === '[') {
      this.at += 1;
      return { path, where: this.group(depth, ']') };
    }
    const op = this.take(words)?.toLowerCase();
    if (op === 'pr') return { present: path };
    if (!(operators as readonly (string | undefined)[]).includes(op)) this.fail();
    return { path, op: op as Operator, value: this.value() };
  }
  value(): FilterValue {
    const start = this.at;
    const literal = this.take(literals);
    if (literal === undefined) this.fail();
    try {
      const value = JSON.parse(literal.startsWith('"') ? literal : literal.toLowerCase()) as FilterValue;
      // PostgreSQL keeps neither NUL nor half characters: nothing equals them.
      if (typeof value !== 'string' || (!value.includes('\0') && value.isWellFormed())) return value;
    } catch {
      // A bad escape: told below like any other fault.
    }
    this.at = start;
    return this.fail();
  }
}

/**
 * Parses a filter. Operators and the words of the language are read in any case.
 *
 * @throws {ScimError} `invalidFilter` with the place; `tooMany` over 100 terms or 20 levels
 */
export const parseFilter = (text: string): Filter => {
  const reader = new Reader(text);
  const filter = reader.either(0);
  reader.blanks();
  return reader.at === text.length ? filter : reader.fail();
};

/** A path of PATCH: attribute, perhaps a filter in brackets, perhaps a part (RFC 7644 figure 7). */
export interface ScimPath {
  path: string;
  where?: Filter;
  sub?: string;
}

/** @throws {ScimError} `invalidPath`; `invalidFilter` for what stands in its brackets */
export const parsePath = (text: string): ScimPath => {
  const reader = new Reader(text);
  const path = reader.take(words);
  if (path === undefined) throw new ScimError('path-unreadable', { path: text });
  if (reader.at === text.length) return { path };
  if (!reader.sign('[')) throw new ScimError('path-unreadable', { path: text });
  const where = reader.group(0, ']');
  if (reader.at === text.length) return { path, where };
  const sub = reader.sign('.') ? reader.take(words) : undefined;
  if (sub === undefined || reader.at !== text.length) throw new ScimError('path-unreadable', { path: text });
  return { path, where, sub };
};
