/** Crashes of one flow within this time count together. */
const windowMs = 5 * 60_000;
/** So many, alone in its process, and a flow is not run any more (safe mode). */
const most = 3;

/**
 * Which flows may be at fault when their process ends by itself. One that held messages is under suspicion, and runs alone from
 * then on; if the process held none, each flow of it is. One that ends its own process again and again is stopped.
 */
export const createSuspicion = (now: () => number = () => performance.now()) => {
  const apart = new Map<string, number[]>();
  const safe = new Set<string>();

  const crashAlone = (flow: string): boolean => {
    const crashes = [...(apart.get(flow) ?? []), now()].filter(at => at > now() - windowMs);
    apart.set(flow, crashes);
    if (crashes.length < most) return false;
    safe.add(flow);
    return true;
  };

  return {
    /** A process with `flows` ended; `holding` are those that had messages under way. Tells what becomes of them. */
    crashed(flows: string[], holding: string[]): { alone: string[]; stopped: string[] } {
      if (flows.length === 1 && apart.has(flows[0]!))
        return crashAlone(flows[0]!) ? { alone: [], stopped: flows } : { alone: flows, stopped: [] };
      const suspects = holding.length > 0 ? holding : flows;
      for (const flow of suspects) if (!apart.has(flow)) apart.set(flow, []);
      return { alone: suspects, stopped: [] };
    },
    isAlone: (flow: string): boolean => apart.has(flow),
    isStopped: (flow: string): boolean => safe.has(flow),
    stopped: (): string[] => [...safe],
    resume(flow: string): void {
      safe.delete(flow);
      apart.set(flow, []);
    },
    /** A new version: everything has its chance again. */
    forget(): void {
      apart.clear();
      safe.clear();
    },
  };
};
