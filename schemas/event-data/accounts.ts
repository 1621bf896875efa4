import { type TSchema, Type } from 'typebox';
import { AppId, ExternalId, StaffId } from '#schemas/event-data/keys.ts';

const accountKey = { app: AppId, staffId: StaffId };
const accountFault = (title: string): TSchema =>
  Type.Object(
    {
      ...accountKey,
      code: Type.String({
        description: 'Why, a code that does not change',
        examples: ['refused', 'conflict', 'mapping-failed', 'unavailable'],
      }),
    },
    { title },
  );

/** What becomes of people's accounts in apps. */
export const accountEvents = {
  'account.created.v1': Type.Object(
    { ...accountKey, externalId: ExternalId, enabled: Type.Boolean() },
    { title: 'The hub made the account of a person in an app, or linked the one that was there' },
  ),
  'account.updated.v1': Type.Object(
    {
      ...accountKey,
      externalId: ExternalId,
      changed: Type.Array(Type.String(), {
        description: 'Attributes that were written; `enabled`: opened again',
      }),
    },
    { title: 'The hub wrote to the account of a person' },
  ),
  'account.disabled.v1': Type.Object(
    { ...accountKey, externalId: ExternalId },
    { title: 'The hub closed the account of a person' },
  ),
  'account.failed.v1': accountFault('The hub gave up writing an account: a dead letter waits for a person'),
  'account.disputed.v1': accountFault('The app says that the account belongs to somebody else'),
} satisfies Record<string, TSchema>;
