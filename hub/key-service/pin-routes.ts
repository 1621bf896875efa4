import { Type } from 'typebox';
import { choosePin } from '#hub/key-service/choose-pin.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';

/** What a holder does with their own key. */
export const pinRoutes = (context: Pick<PartContext, 'db' | 'call'>): Route[] => [
  {
    tag: 'signing',
    scope: 'signing.sign',
    method: 'POST',
    path: '/api/v1/signing/credentials/{id}/pin',
    summary: "Chooses the PIN of one's own key",
    description:
      'With the token of the holder, a person. `current` is the code of the IT centre, or the PIN until now; `otp` a code of ' +
      'their authenticator. Wrong ones are counted; the key is held after five.',
    params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
    body: Type.Object(
      {
        current: Type.String({ minLength: 1, maxLength: 64 }),
        pin: Type.String({ minLength: 6, maxLength: 64 }),
        otp: Type.String({ minLength: 1, maxLength: 64 }),
      },
      { additionalProperties: false },
    ),
    status: 204,
    async handle({ params, body, caller: { staffId } }) {
      // A program has no key of its own.
      if (staffId === undefined) throw new AppError('unknown-signing-key');
      const given = body as { current: string; pin: string; otp: string };
      await choosePin(context, { ...given, credentialId: params.id!, staffId });
    },
  },
];
