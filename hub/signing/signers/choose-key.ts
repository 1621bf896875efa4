import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { tokenKey } from '#hub/signing/agent/token-key.ts';
import { isOneOf } from '#hub/signing/document-type.ts';
import type { FileFormat } from '#hub/signing/request-store.ts';
import { listRoutes, type SigningRoute } from '#hub/signing/route-store.ts';
import { createConnectorSigner } from '#hub/signing/signers/connector-signer.ts';
import { createEmbeddedSigner } from '#hub/signing/signers/embedded-signer.ts';
import type { Signer } from '#hub/signing/signers/signer.ts';
import { isUsable } from '#hub/signing/signers/usable-key.ts';
import type { ChosenKey, StepRow } from '#hub/signing/step-store.ts';

/** What a rule may ask of a step. */
export type Asked = Pick<StepRow, 'staffId' | 'unitId' | 'level'> & {
  appId: string;
  documentType: string | null;
  format: FileFormat;
};

const holds = <T>(list: T[] | undefined, value: T | null): boolean =>
  list === undefined || (value !== null && list.includes(value));

/** Whether a route may serve a step. Pure. */
export const mayServe = (
  { enabled, rules }: Pick<SigningRoute, 'enabled' | 'rules'>,
  step: Omit<Asked, 'format'>,
): boolean =>
  enabled &&
  holds(rules.staffIds, step.staffId) &&
  holds(rules.unitIds, step.unitId) &&
  holds(rules.levels, step.level) &&
  holds(rules.appIds, step.appId) &&
  isOneOf(rules.documentTypes, step.documentType);

/** The signer behind a route. */
export const signerOf = (
  context: Pick<PartContext, 'call' | 'db'>,
  route: Pick<SigningRoute, 'id' | 'kind' | 'connector'>,
): Signer =>
  route.kind === 'embedded' ? createEmbeddedSigner(context) : createConnectorSigner(context, route);

/**
 * The key that a step is to be signed with: of the routes that may serve it, in their order, the first whose service
 * answers and has a key of the holder that can sign. A key on a token of the holder's is taken unseen.
 *
 * @throws AppError `no-signing-key`; `signing-service-unavailable`: a service that may have one does not answer
 */
export const chooseKey = async (
  context: Pick<PartContext, 'call' | 'db'>,
  step: Asked,
): Promise<ChosenKey> => {
  let away: unknown;
  for (const route of await listRoutes(context.db)) {
    if (!mayServe(route, step)) continue;
    if (route.kind === 'agent') {
      const key = await tokenKey(context.db, route, step);
      if (key !== undefined) return key;
      continue;
    }
    const signer = signerOf(context, route);
    try {
      const userId = await signer.userOf(step);
      if (userId === undefined) continue;
      const credential = (await signer.certificates(step, userId)).find(isUsable);
      if (credential !== undefined) return { route: route.id, userId, credential };
    } catch (error) {
      away ??= error;
    }
  }
  if (away !== undefined) throw away;
  throw new AppError('no-signing-key');
};
