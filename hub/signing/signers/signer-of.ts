import type { PartContext } from '#hub/platform/part.ts';
import type { SigningRoute } from '#hub/signing/route-store.ts';
import { createConnectorSigner } from '#hub/signing/signers/connector-signer.ts';
import { createEmbeddedSigner } from '#hub/signing/signers/embedded-signer.ts';
import type { Signer } from '#hub/signing/signers/signer.ts';

/** A route to a service that the hub can ask: any but a token's. */
type WithService<R> = R & { kind: Exclude<SigningRoute['kind'], 'agent'> };
export type ServiceRoute = WithService<Pick<SigningRoute, 'id' | 'kind' | 'connector'>>;

export const hasService = <R extends Pick<SigningRoute, 'kind'>>(route: R): route is WithService<R> =>
  route.kind !== 'agent';

/** The signer behind a route. */
export const signerOf = (context: Pick<PartContext, 'call' | 'db'>, route: ServiceRoute): Signer =>
  route.kind === 'embedded' ? createEmbeddedSigner(context) : createConnectorSigner(context, route);
