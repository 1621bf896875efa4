import { Type } from 'typebox';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import type { Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { changeAccount, changeRoute } from '#hub/signing/change-routes.ts';
import { changeSettings } from '#hub/signing/change-settings.ts';
import { listRoutes } from '#hub/signing/route-store.ts';
import { setImage } from '#hub/signing/set-image.ts';
import { readSettings } from '#hub/signing/settings-store.ts';

const common = { tag: 'signing', scope: 'admin' } as const;
const Uuid = Type.String({ format: 'uuid' });
const Holder = Type.Union([
  Type.Object({ staffId: Uuid }, { additionalProperties: false }),
  Type.Object({ unitId: Uuid }, { additionalProperties: false }),
]);
const strings = Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 1000 }));

/** What the IT centre decides: which signing service serves whom, accounts there, and pictures of signers. */
export const settingRoutes = ({ db }: PartContext): Route[] => [
  {
    ...common,
    method: 'GET',
    path: '/api/v1/signing/routes',
    summary: 'Signing services in the order in which they are tried',
    handle: async () => ({ items: await listRoutes(db) }),
  },
  {
    ...common,
    method: 'PUT',
    path: '/api/v1/signing/routes/{id}',
    summary: 'Adds or changes a signing service',
    description:
      'The smallest priority is tried first. A rule that is absent is not asked; a rule of kinds of document (`documentTypes`) never ' +
      'holds for one whose kind nobody named. `temporaryDays`, of the embedded service: for how many days a certificate may be made ' +
      'for somebody whose usual device is in trouble; absent: none is. `agent`: USB tokens, by the agent on ' +
      "the person's own computer.",
    params: Type.Object({ id: Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' }) }),
    body: Type.Object(
      {
        name: Type.Optional(
          Type.String({ minLength: 1, maxLength: 100, description: 'What people call it; absent: it stays' }),
        ),
        kind: Type.String({ enum: ['embedded', 'connector', 'agent'] }),
        connector: Type.Optional(Type.String({ maxLength: 60 })),
        priority: Type.Integer({ minimum: 0, maximum: 10_000 }),
        enabled: Type.Boolean(),
        rules: Type.Optional(
          Type.Object(
            {
              ...{ staffIds: strings, unitIds: strings, levels: strings, appIds: strings },
              temporaryDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 90 })),
              documentTypes: strings,
            },
            { additionalProperties: false },
          ),
        ),
      },
      { additionalProperties: false },
    ),
    async handle({ params, body, caller, requestId }) {
      const given = body as Omit<Parameters<typeof changeRoute>[1], 'id'>;
      return changeRoute(db, { id: params.id!, ...given }, { actor: actorOf(caller), requestId });
    },
  },
  {
    ...common,
    method: 'PUT',
    path: '/api/v1/signing/routes/{id}/accounts',
    summary: "A person's or an organisation's account at an outside service",
    description:
      'Of a route of the kind `agent` it says whose certificate must have signed: `serial:` and its serial number in hex, or ' +
      '`uid:` and the UID of its subject.',
    params: Type.Object({ id: Type.String() }),
    body: Type.Object(
      { holder: Holder, userId: Type.String({ minLength: 1, maxLength: 200 }) },
      { additionalProperties: false },
    ),
    async handle({ params, body, caller, requestId }) {
      const { holder, userId } = body as { holder: { staffId: string } | { unitId: string }; userId: string };
      const by = { actor: actorOf(caller), requestId };
      await changeAccount(db, { routeId: params.id!, holder, userId }, by);
      return { ok: true };
    },
  },
  {
    ...common,
    method: 'GET',
    path: '/api/v1/signing/settings',
    summary:
      'What holds for all signatures: time-stamp authority, trusted roots, known issuers (DER in base64)',
    async handle() {
      const { timeStampUrl, roots, intermediates } = await readSettings(db);
      const show = (list: Buffer[]) => list.map(der => der.toString('base64'));
      return { timeStampUrl, roots: show(roots), intermediates: show(intermediates) };
    },
  },
  {
    ...common,
    method: 'PUT',
    path: '/api/v1/signing/settings',
    summary: 'Changes it; what is absent stays',
    body: Type.Object(
      {
        timeStampUrl: Type.Optional(Type.String({ pattern: '^https?://', maxLength: 2000 })),
        roots: Type.Optional(Type.Array(Type.String(), { maxItems: 50 })),
        intermediates: Type.Optional(Type.Array(Type.String(), { maxItems: 200 })),
      },
      { additionalProperties: false },
    ),
    async handle({ body, caller, requestId }) {
      await changeSettings(db, body as object, { actor: actorOf(caller), requestId });
      return { ok: true };
    },
  },
  {
    ...common,
    method: 'PUT',
    path: '/api/v1/signing/images',
    summary: "A person's handwriting or an organisation's seal, as PNG in base64",
    body: Type.Object(
      { holder: Holder, png: Type.String({ maxLength: 2_000_000 }) },
      { additionalProperties: false },
    ),
    async handle({ body, caller, requestId }) {
      const { holder, png } = body as { holder: { staffId?: string; unitId?: string }; png: string };
      await setImage(db, { ...holder, png, actor: actorOf(caller), requestId });
      return { ok: true };
    },
  },
];
