import { appCommands } from '#schemas/commands/apps.ts';
import { connectorCommands } from '#schemas/commands/connectors.ts';
import { intakeCommands } from '#schemas/commands/intake.ts';
import { provisioningCommands } from '#schemas/commands/provisioning.ts';
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
};
export type Commands = typeof commands;
export type CommandName = keyof Commands;
