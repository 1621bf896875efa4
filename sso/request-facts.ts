import type { IncomingMessage } from 'node:http';
import type { Handed } from '#hub/platform/http/mount.ts';
import type { Zone } from '#schemas/sign-on.ts';
import type { OriginalRequest } from '#sso/forward-auth/original-request.ts';

/** What is known of a request whatever it says of itself. */
export interface RequestFacts extends Handed {
  /** Told by the listener and the trusted proxies, never by a header that a client can send. */
  zone: Zone;
  /** What a trusted proxy asks about, see `/forward-auth`. */
  original?: OriginalRequest | undefined;
}

const facts = new WeakMap<IncomingMessage, RequestFacts>();

export const keepFacts = (request: IncomingMessage, known: RequestFacts): void => {
  facts.set(request, known);
};

/** The facts of a request that came through the hub's door; there is no other way in. */
export const factsOf = (request: IncomingMessage): RequestFacts => facts.get(request)!;
