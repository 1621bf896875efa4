import type { PartContext } from '#hub/platform/part.ts';
import { rememberBriefly } from '#hub/platform/remember-briefly.ts';
import type { Holder } from '#hub/signing/signers/signer.ts';
import { type ServiceRoute, signerOf } from '#hub/signing/signers/signer-of.ts';
import type { Credential } from '#schemas/signer.ts';

/** What a holder has at a service: their account there and its keys. Undefined: no account. */
type Held = { userId: string; credentials: Credential[] } | undefined;

export interface HeldKeys {
  /** What an outside service told may be half a minute old. */
  of(route: ServiceRoute, holder: Holder): Promise<Held>;
  /** What was told is not so any more. */
  forget(route: ServiceRoute, holder: Holder): void;
}

const nameOf = ({ id, kind, connector }: ServiceRoute, { staffId, unitId }: Holder): string =>
  JSON.stringify([
    { id, kind, connector },
    { staffId, unitId },
  ]);

/**
 * Pages ask for certificates again and again; a service of others is asked once in `ms`. What it told is forgotten when an
 * authorisation fails. A key that was revoked in the hub's own service is no key any more.
 */
export const createHeldKeys = (
  context: Pick<PartContext, 'call' | 'db'>,
  { ms = 30_000 }: { ms?: number } = {},
): HeldKeys => {
  const ask = async (route: ServiceRoute, holder: Holder): Promise<Held> => {
    const signer = signerOf(context, route);
    const userId = await signer.userOf(holder);
    return userId === undefined
      ? undefined
      : { userId, credentials: await signer.certificates(holder, userId) };
  };
  const told = rememberBriefly(ms, (name: string) => ask(...(JSON.parse(name) as [ServiceRoute, Holder])));
  return {
    async of(route, holder) {
      if (route.kind === 'embedded') {
        const held = await ask(route, holder);
        return held && { ...held, credentials: held.credentials.filter(one => one.status !== 'revoked') };
      }
      const name = nameOf(route, holder);
      const held = await told(name);
      if (held === undefined) told.forget(name);
      return held;
    },
    forget: (route, holder) => told.forget(nameOf(route, holder)),
  };
};
