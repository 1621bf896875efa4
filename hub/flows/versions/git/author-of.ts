import type { FlowVersion } from '#schemas/flow.ts';

/** Git takes neither line ends nor angle brackets in a name. */
const clean = (text: string): string => text.replace(/[\p{Cc}<>]+/gu, ' ').trim();

/**
 * Who made a version, as Git writes it. The address is made of the staff id and leads nowhere: people's own addresses do not
 * belong into a folder that is copied.
 */
export const authorOf = ({
  author,
  authorName,
  at,
}: FlowVersion): { name: string; email: string; timestamp: number; timezoneOffset: number } => {
  const id = author.replace(/^staff\//, '').replace(/[^A-Za-z0-9._-]+/g, '-');
  return {
    name: clean(authorName) || id,
    email: `${id}@noreply.invalid`,
    timestamp: Math.floor(Date.parse(at) / 1000),
    timezoneOffset: 0,
  };
};
