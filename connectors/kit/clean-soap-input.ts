/** What XML 1.0 §2.2 allows in a document; a stray half of a surrogate pair is not allowed. */
const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const cleanText = (text: string): string => {
  const clean = text.replace(forbidden, '');
  // The `soap` package sends a text of this beginning and end as it is, so that a name could write elements
  // of its own. A blank before it makes it plain text again.
  return clean.startsWith('<![CDATA[') ? ` ${clean}` : clean;
};

/** Makes values fit for an envelope: no character that XML forbids, no raw CDATA, no undefined. */
export const cleanInput = (value: unknown): unknown => {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanInput);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, inner]) => inner !== undefined)
        .map(([key, inner]) => [key, cleanInput(inner)]),
    );
  return value;
};
