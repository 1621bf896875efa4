import { Type } from 'typebox';
import type { Described } from '#hub/platform/http/mount.ts';

/** What whoever runs an older sign-on must know of us. */
export const upstreamOperations: Described[] = [
  {
    scope: 'public',
    tag: 'sso',
    method: 'GET',
    path: '/sso/upstream/{id}/callback',
    summary: 'Where an older sign-on sends people back: the redirect_uri that is registered there',
    params: Type.Object({ id: Type.String() }),
    query: Type.Object({
      state: Type.String(),
      code: Type.Optional(Type.String()),
      iss: Type.Optional(Type.String({ description: 'RFC 9207' })),
      error: Type.Optional(Type.String()),
    }),
  },
];
