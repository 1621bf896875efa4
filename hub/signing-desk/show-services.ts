import { type Language, say } from '#hub/platform/messages.ts';
import { tellTime } from '#hub/signing-desk/tell-time.ts';
import type { Detour, SigningService } from '#schemas/signing-trouble.ts';

/** A signing service of somebody, in words. */
interface ShownService {
  id: string;
  name: string;
  whose: string;
  /** The organisation whose key it is. */
  unitId: string | undefined;
  ticket: { id: string; words: string; agreedTo: string | undefined } | undefined;
  /** What the person has yet to agree to. */
  detour: Detour | undefined;
  /** A certificate for the meantime is on its way. */
  waits: boolean;
}

/** Pure. */
export const showServices = (services: SigningService[], language: Language): ShownService[] =>
  services.map(({ holder, service, ticket, detour }) => ({
    ...service,
    whose:
      'unitId' in holder
        ? say(language, 'signing-desk.whose.seal', { unit: holder.name })
        : say(language, 'signing-desk.whose.mine'),
    unitId: 'unitId' in holder ? holder.unitId : undefined,
    ticket: ticket && {
      id: ticket.id,
      words: say(language, 'signing-desk.trouble.since', {
        what: say(language, `signing-desk.trouble.kind.${ticket.kind}`, { service: service.name }),
        time: tellTime(ticket.openedAt, language),
      }),
      agreedTo: ticket.agreedTo?.name,
    },
    detour:
      ticket === undefined ||
      detour === undefined ||
      detour.temporary === 'requested' ||
      (detour.agreed && detour.temporary === undefined)
        ? undefined
        : { ...detour, kind: ticket.kind },
    waits: ticket !== undefined && detour?.temporary === 'requested',
  }));
