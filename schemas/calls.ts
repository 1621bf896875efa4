import type { ParamsOf, ResultOf } from '#schemas/command.ts';
import { appCommands } from '#schemas/commands/apps.ts';
import { connectorCommands } from '#schemas/commands/connectors.ts';
import { documentCommands } from '#schemas/commands/documents.ts';
import { flowCommands } from '#schemas/commands/flows.ts';
import { intakeCommands } from '#schemas/commands/intake.ts';
import { keyServiceCommands } from '#schemas/commands/key-service.ts';
import { provisioningCommands } from '#schemas/commands/provisioning.ts';
import { signingCommands } from '#schemas/commands/signing.ts';
import { ssoCommands } from '#schemas/commands/sso.ts';
import { staffCommands } from '#schemas/commands/staff.ts';
import { unitCommands } from '#schemas/commands/units.ts';

/** Every command and question between parts, by name. A part asks `call('staff.get', { id })`. */
export const commands = {
  ...unitCommands,
  ...staffCommands,
  ...intakeCommands,
  ...appCommands,
  ...connectorCommands,
  ...provisioningCommands,
  ...ssoCommands,
  ...signingCommands,
  ...keyServiceCommands,
  ...documentCommands,
  ...flowCommands,
};
export type Commands = typeof commands;
export type CommandName = keyof Commands;

/**
 * Asks another part, here or on another node: `call('staff.get', { id })`. Parameters are checked by the
 * part that answers; its `AppError` comes out as an `AppError` again. Times out after 30 s (or `timeoutMs`).
 */
export type Call = <N extends CommandName>(
  name: N,
  params: ParamsOf<Commands[N]>,
  options?: { timeoutMs?: number; nodeId?: string },
) => Promise<ResultOf<Commands[N]>>;
