/** Keys that data of events have in common. */
import { Type } from 'typebox';

export const Uuid = Type.String({ format: 'uuid' });
export const StaffId = Type.String({ format: 'uuid', description: 'The person, for ever: the key to keep' });
export const AppId = Type.String({ description: 'The app that holds the account, as in /api/v1/apps' });
export const ExternalId = Type.String({ description: "The account's id in the app" });
