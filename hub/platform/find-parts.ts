import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Role } from '#hub/platform/config.ts';
import type { CreatePart } from '#hub/platform/part.ts';

const root = join(import.meta.dirname, '..', '..');

const load = async (file: string): Promise<CreatePart> =>
  ((await import(pathToFileURL(file).href)) as { default: CreatePart }).default;

/**
 * The parts of these roles, found by their files: `hub/<part>/<part>.service.ts` belongs to the role `hub`
 * (but `connectors`, a role of its own), `sso/sso.service.ts` to `sso`. A new folder needs no list.
 */
export const findParts = async (roles: Set<Role>): Promise<CreatePart[]> => {
  const parts: CreatePart[] = [];
  for (const name of readdirSync(join(root, 'hub')).sort()) {
    const file = join(root, 'hub', name, `${name}.service.ts`);
    const role: Role = name === 'connectors' ? 'connectors' : 'hub';
    if (roles.has(role) && existsSync(file)) parts.push(await load(file));
  }
  if (roles.has('sso')) parts.push(await load(join(root, 'sso', 'sso.service.ts')));
  return parts;
};
