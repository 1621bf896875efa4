import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Role } from '#hub/platform/config.ts';
import type { CreatePart } from '#hub/platform/part.ts';

const root = join(import.meta.dirname, '..', '..');

/** A part as it lies on disk: who plays it, and what makes it. */
export interface FoundPart {
  role: Role;
  create: CreatePart;
}

const load = async (file: string): Promise<CreatePart> =>
  ((await import(pathToFileURL(file).href)) as { default: CreatePart }).default;

/**
 * Every part, found by its file: `hub/<part>/<part>.service.ts` belongs to the role `hub` (but `connectors`, a
 * role of its own), `sso/sso.service.ts` to `sso`, `flows/flows.service.ts` to `flows`. A new folder needs no list.
 */
export const findParts = async (): Promise<FoundPart[]> => {
  const parts: FoundPart[] = [];
  for (const name of readdirSync(join(root, 'hub')).sort()) {
    const file = join(root, 'hub', name, `${name}.service.ts`);
    const role: Role = name === 'connectors' ? 'connectors' : 'hub';
    if (existsSync(file)) parts.push({ role, create: await load(file) });
  }
  for (const role of ['sso', 'flows'] as const)
    parts.push({ role, create: await load(join(root, role, `${role}.service.ts`)) });
  return parts;
};
