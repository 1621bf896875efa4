import { Type } from 'typebox';
import type { Described } from '#hub/platform/http/mount.ts';

const common = { method: 'GET', scope: 'public', tag: 'cas' } as const;
const service = Type.String({ description: 'The address of the app, exactly as it was sent to /cas/login' });
const Validation = Type.Object({
  service,
  ticket: Type.String(),
  pgtUrl: Type.Optional(Type.String({ description: 'Where the app takes a proxy-granting ticket' })),
  renew: Type.Optional(Type.String()),
  format: Type.Optional(Type.String({ enum: ['XML', 'JSON'] })),
});

/** What of CAS 3.0 is spoken here (Protocol Specification 3.0.3), for the API's description. */
export const casOperations: Described[] = [
  {
    ...common,
    path: '/cas/login',
    summary: 'Where an older app sends people to sign in (CAS 3.0 §2.1)',
    query: Type.Object({
      service,
      renew: Type.Optional(Type.String()),
      gateway: Type.Optional(Type.String()),
      method: Type.Optional(Type.String({ enum: ['GET', 'POST'] })),
    }),
  },
  ...(['serviceValidate', 'proxyValidate', 'p3/serviceValidate', 'p3/proxyValidate'] as const).map(
    (name): Described => ({
      ...common,
      path: `/cas/${name}`,
      summary: `Tells the app whose ticket it is (CAS 3.0 §2.5, §2.6): ${name}`,
      query: Validation,
    }),
  ),
  {
    ...common,
    path: '/cas/proxy',
    summary: 'A ticket for another app, by a proxy-granting ticket (CAS 3.0 §2.7)',
    query: Type.Object({ pgt: Type.String(), targetService: Type.String() }),
  },
  {
    ...common,
    path: '/cas/logout',
    summary: 'Signs out of everything (CAS 3.0 §2.3)',
    query: Type.Object({ service: Type.Optional(Type.String()) }),
  },
];
