import { nameOfRoute, type SigningRoute } from '#hub/signing/route-store.ts';
import type { Way } from '#hub/signing/signers/find-way.ts';
import type { Detour, NamedService } from '#schemas/signing-trouble.ts';

export const showService = (route: Pick<SigningRoute, 'id' | 'name'>): NamedService => ({
  id: route.id,
  name: nameOfRoute(route),
});

/** A detour as the desk shows it; nothing when there is none to take. Pure. */
export const showDetour = (detour: Way['detour']): { detour?: Detour } => {
  if (detour?.to === undefined) return {};
  const { kind, instead, to, agreed, temporary } = detour;
  return {
    detour: {
      ...{ kind, agreed, instead: showService(instead), to: showService(to) },
      ...(temporary === undefined ? {} : { temporary }),
    },
  };
};
