/** The clocks of two machines may differ by this. */
const skew = 5 * 60_000;
/** An answer that names no next update holds for this long. */
const unlimited = 10 * 60_000;

/**
 * Whether what was known at `thisUpdate` says something of the time `at`: it is younger, or it was still current
 * (ETSI EN 319 102-1 §5.2.5). Gives the code of the reason when not.
 */
export const flawOfFreshness = (
  { thisUpdate, nextUpdate }: { thisUpdate: Date; nextUpdate: Date | undefined },
  { at, now }: { at: Date; now: Date },
): 'from-the-future' | 'stale' | undefined => {
  if (thisUpdate.getTime() > now.getTime() + skew) return 'from-the-future';
  if (thisUpdate >= at) return undefined;
  const until = nextUpdate?.getTime() ?? thisUpdate.getTime() + unlimited;
  return until + (nextUpdate ? 0 : skew) < at.getTime() ? 'stale' : undefined;
};
