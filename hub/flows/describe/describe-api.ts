import { decodeJwt } from 'jose';
import { type ApiDocument, operationsOf } from '#hub/flows/describe/operations-of.ts';
import { ownDoor } from '#hub/flows/own-door.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { FlowOperation } from '#schemas/flow-forms.ts';

type Context = Pick<PartContext, 'call' | 'config'>;

const path = '/api/openapi.json';
const timeoutMs = 10_000;

const readDocument = async ({ config }: Context): Promise<ApiDocument> => {
  const response = await fetch(ownDoor(config, path), { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok)
    throw new AppError('flow-call-failed', { app: path, code: response.status, text: response.statusText });
  return (await response.json()) as ApiDocument;
};

/**
 * Tells the operations for which flows have the right: what the token allows with which they will be asked for. The document
 * is read once, when somebody first draws such a node: it does not change while the process runs.
 */
export const createDescribeApi = (context: Context): (() => Promise<FlowOperation[]>) => {
  let known: Promise<ApiDocument> | undefined;
  return async () => {
    known ??= readDocument(context);
    const document = await known.catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    const { token } = await context.call('sso.own-token', { client: 'flows' });
    return operationsOf(document, String(decodeJwt(token).scope ?? '').split(' '));
  };
};
