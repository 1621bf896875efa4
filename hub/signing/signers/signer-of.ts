import type { PartContext } from '#hub/platform/part.ts';
import type { SigningRoute } from '#hub/signing/route-store.ts';
import { createConnectorSigner } from '#hub/signing/signers/connector-signer.ts';
import { createEmbeddedSigner } from '#hub/signing/signers/embedded-signer.ts';
import type { Signer } from '#hub/signing/signers/signer.ts';

/** The signer behind a route. */
export const signerOf = (
  context: Pick<PartContext, 'call' | 'db'>,
  route: Pick<SigningRoute, 'id' | 'kind' | 'connector'>,
): Signer =>
  route.kind === 'embedded' ? createEmbeddedSigner(context) : createConnectorSigner(context, route);
