/** Answers whether an entry matches; attribute names are taken as written. */
export type Matcher = (get: (attribute: string) => string[]) => boolean;

const unescapeValue = (value: string): string =>
  value.replace(/\\([0-9a-fA-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const readItem = (item: string): Matcher => {
  const at = item.indexOf('=');
  if (at <= 0) throw new Error('bad filter item');
  const attribute = item.slice(0, at);
  const pattern = item.slice(at + 1);
  if (pattern === '*') return get => get(attribute).some(value => value !== '');
  const parts = pattern.split('*').map(part => unescapeValue(part).toLowerCase());
  const [head, ...rest] = parts as [string, ...string[]];
  const tail = rest.pop();
  const matches = (value: string): boolean => {
    if (tail === undefined) return value === head;
    if (!value.startsWith(head)) return false;
    let from = head.length;
    for (const part of rest) {
      const found = value.indexOf(part, from);
      if (found < 0) return false;
      from = found + part.length;
    }
    return value.length - tail.length >= from && value.endsWith(tail);
  };
  return get => get(attribute).some(value => matches(value.toLowerCase()));
};

/** Reads an RFC 4515 filter: `&`, `|`, `!`, equality, presence and `*` inside a value. Throws when it is none. */
export const readFilter = (text: string): Matcher => {
  let at = 0;
  const filter = (depth: number): Matcher => {
    if (text[at] !== '(' || depth > 20) throw new Error('bad filter');
    at += 1;
    const kind = text[at];
    let matcher: Matcher;
    if (kind === '&' || kind === '|' || kind === '!') {
      at += 1;
      const parts: Matcher[] = [];
      while (text[at] === '(') parts.push(filter(depth + 1));
      if (kind === '!' && parts.length !== 1) throw new Error('bad filter');
      matcher =
        kind === '&'
          ? get => parts.every(part => part(get))
          : get => parts.some(part => part(get)) !== (kind === '!');
    } else {
      const end = text.indexOf(')', at);
      if (end < 0) throw new Error('bad filter');
      matcher = readItem(text.slice(at, end));
      at = end;
    }
    if (text[at] !== ')') throw new Error('bad filter');
    at += 1;
    return matcher;
  };
  const whole = filter(0);
  if (at !== text.length) throw new Error('bad filter');
  return whole;
};
