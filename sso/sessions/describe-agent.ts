import bowser from 'bowser';

/** Browser and system of a `User-Agent` header; a program's header tells neither. */
export const describeAgent = (
  header: string,
): { browser: string | undefined; system: string | undefined } => {
  const { browser, os } = bowser.parse(header === '' ? '-' : header);
  return { browser: browser.name || undefined, system: os.name || undefined };
};
