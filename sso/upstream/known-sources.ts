import type { PartContext } from '#hub/platform/part.ts';
import { rememberBriefly } from '#hub/platform/remember-briefly.ts';
import { readSources, type SourceRow } from '#sso/upstream/sources-store.ts';

/** As long as clients are remembered: a change is heard at once, and holds here at the latest then. */
const ms = 5000;

/** The older systems as every sign-in asks for them, though they change once a year. */
export const createKnownSources = ({
  db,
  wake,
}: Pick<PartContext, 'db' | 'wake'>): (() => Promise<SourceRow[]>) => {
  const begin = () => rememberBriefly(ms, () => readSources(db));
  let known = begin();
  wake.on('upstreams', () => {
    known = begin();
  });
  return () => known('');
};
