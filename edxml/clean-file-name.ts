/** What no file name may hold on one system or another, and what turns text around. */
const unsafe = /[\p{Cc}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}<>:"|?*]/gu;
const longest = 200;

/** A file name of a stranger without folders or anything else that means more than a name; `fallback` when nothing is left. */
export const cleanFileName = (given: string, fallback: string): string => {
  const base = given
    .split(/[/\\]/)
    .at(-1)!
    .replace(unsafe, '')
    .trim()
    .replace(/^\.+/, '')
    .replace(/[. ]+$/, '');
  if (base === '') return fallback;
  if (base.length <= longest) return base;
  const extension = /\.[^.]{1,10}$/.exec(base)?.[0] ?? '';
  return base.slice(0, longest - extension.length) + extension;
};
