import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';

/** An officer as the portal's API shows it. */
export interface OfficerRow {
  officer_id: string;
  officer_code: string;
  login_name: string;
  full_name: string;
  email: string | null;
  mobile: string | null;
  org_code: string | null;
  org_name: string | null;
  position_name: string | null;
  status: 'ACTIVE' | 'LOCKED';
  version: number;
  [more: string]: unknown;
}

export const toOfficer = (account: SandboxAccount): OfficerRow => ({
  officer_id: account.externalId,
  officer_code: account.code,
  login_name: account.username,
  full_name: account.name,
  email: account.email ?? null,
  mobile: account.phone ?? null,
  org_code: account.unitCode ?? null,
  org_name: account.unitName ?? null,
  position_name: account.title ?? null,
  status: account.enabled ? 'ACTIVE' : 'LOCKED',
  version: 1,
});

export const toAccount = (row: OfficerRow): SandboxAccount => ({
  externalId: row.officer_id,
  enabled: row.status === 'ACTIVE',
  code: row.officer_code,
  username: row.login_name,
  name: row.full_name,
  ...(row.email === null ? {} : { email: row.email }),
  ...(row.mobile === null ? {} : { phone: row.mobile }),
  ...(row.org_code === null ? {} : { unitCode: row.org_code }),
  ...(row.org_name === null ? {} : { unitName: row.org_name }),
  ...(row.position_name === null ? {} : { title: row.position_name }),
});

const isText = (value: unknown): boolean => typeof value === 'string' && value.length <= 255;
const isFilled = (value: unknown): boolean => isText(value) && (value as string).trim() !== '';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);

const rules: Record<string, (value: unknown) => boolean> = {
  officer_code: isFilled,
  login_name: value => isFilled(value) && /^[a-z0-9._-]+$/i.test(value as string),
  full_name: isFilled,
  email: value => value === null || (isText(value) && /^[^\s@]+@[^\s@]+$/.test(value as string)),
  mobile: isTextOrNull,
  org_code: isTextOrNull,
  org_name: isTextOrNull,
  position_name: isTextOrNull,
  status: value => value === 'ACTIVE' || value === 'LOCKED',
};

/** The first field that the portal does not accept; undefined when all are well. */
export const fieldAtFault = (body: Record<string, unknown>, isNew: boolean): string | undefined => {
  const needed = isNew ? ['officer_code', 'login_name', 'full_name'] : [];
  return (
    needed.find(field => body[field] === undefined) ??
    Object.keys(body).find(field => rules[field]?.(body[field]) === false)
  );
};
