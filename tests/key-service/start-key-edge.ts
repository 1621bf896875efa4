import { AppError } from '#hub/platform/errors.ts';
import { type RunningEdge, startEdge } from '#tests/http/start-edge.ts';
import { type KeyServiceUnderTest, startKeyService } from '#tests/key-service/start-key-service.ts';

export interface KeyEdge extends KeyServiceUnderTest {
  edge: RunningEdge;
  /** `token`: `admin`, `nothing` (no scope), `stranger`, the id of a person, or any other for a program. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  ask(method: string, path: string, token: string, body?: unknown): Promise<{ status: number; json: any }>;
}

/** The key service behind a real HTTP edge. */
export const startKeyEdge = async (options: Parameters<typeof startKeyService>[0] = {}): Promise<KeyEdge> => {
  const service = await startKeyService(options);
  const edge = await startEdge({
    routes: service.hub.parts.flatMap(part => part.routes ?? []),
    async authenticate(token) {
      if (token === 'stranger') throw new AppError('unauthenticated');
      if (token === 'admin') return { clientId: 'it', scopes: ['admin'] };
      if (token === 'nothing') return { clientId: 'it', scopes: ['hr.read'] };
      return {
        clientId: 'program',
        scopes: ['signing.sign'],
        ...(/^[0-9a-f]{8}-/.test(token) ? { staffId: token } : {}),
      };
    },
  });
  return {
    ...service,
    edge,
    async ask(method, path, token, body) {
      const answer = await fetch(edge.origin + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        json: answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text,
      };
    },
    async stop() {
      await edge.close();
      await service.stop();
    },
  };
};
