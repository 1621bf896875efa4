import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction, type Tx } from '#hub/platform/database.ts';
import { AppError, type Fault } from '#hub/platform/errors.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import type { UpstreamSource, UpstreamSourcePut } from '#schemas/upstream.ts';
import { checkSettings } from '#sso/upstream/check-settings.ts';
import { keepSecrets } from '#sso/upstream/hide-secrets.ts';
import { showSource } from '#sso/upstream/show-source.ts';
import { openSource, type Source, settingsPurpose } from '#sso/upstream/source.ts';
import { lockSource, readSource, type SourceRow, writeSource } from '#sso/upstream/sources-store.ts';

interface SourcePut {
  id: string;
  source: UpstreamSourcePut;
  actor: string;
  requestId?: string;
}

const refuse = (faults: Fault[]): void => {
  if (faults.length > 0) throw new AppError('invalid-request', {}, { faults });
};

/** The kind is what settings are given for; links say who somebody is there, so it never changes. */
const kindOf = (put: UpstreamSourcePut, before: Source | undefined): SourceRow['kind'] => {
  const given = (['openid', 'ldap'] as const).filter(kind => put[kind] !== undefined);
  if (given.length === 0 && before !== undefined) return before.kind;
  if (given.length !== 1) refuse([{ pointer: '/openid', code: 'one-of-openid-ldap' }]);
  if (before !== undefined && before.kind !== given[0])
    refuse([{ pointer: `/${given[0]}`, code: 'kind-fixed' }]);
  return given[0]!;
};

const merge = (id: string, put: UpstreamSourcePut, before: Source | undefined): Source => {
  const kind = kindOf(put, before);
  if (before === undefined)
    refuse(
      (['name', 'key'] as const)
        .filter(field => put[field] === undefined)
        .map(field => ({ pointer: `/${field}`, code: 'required' })),
    );
  const given = put[kind];
  const stored = before?.settings as Record<string, unknown> | undefined;
  const settings = given === undefined ? before!.settings : keepSecrets<object>(given, stored);
  return {
    id,
    kind,
    revision: '',
    name: put.name ?? before!.name,
    // Switched off until somebody has looked whether it works.
    enabled: put.enabled ?? before?.enabled ?? false,
    key: put.key ?? before!.key,
    migratePasswords: put.migratePasswords ?? before?.migratePasswords ?? false,
    settings,
  } as Source;
};

/**
 * Configures an older system, or changes it, and notes it in the trail.
 *
 * @throws {AppError} `invalid-request` for a new one without name, key or settings, settings of another kind, a secret
 *   that is not there, passwords in the clear over a network, or a mail address as key
 */
export const putSource = (
  { db, secrets }: { db: Database; secrets: Secrets },
  { id, source, actor, requestId }: SourcePut,
): Promise<UpstreamSource> =>
  inTransaction(db, async (tx: Tx) => {
    await lockSource(tx, id);
    const row = await readSource(tx, id);
    const before = row && openSource(secrets, row);
    const after = merge(id, source, before);
    refuse(checkSettings(after));
    const { revision: _revision, settings, ...rest } = after;
    await writeSource(tx, { ...rest, settings: secrets.seal(settingsPurpose, JSON.stringify(settings)) });
    await appendAudit(tx, {
      actor,
      action: row === undefined ? 'upstream.registered' : 'upstream.changed',
      object: `upstream/${id}`,
      detail: { fields: Object.keys(source), enabled: after.enabled },
      requestId,
    });
    return showSource({ db: tx, secrets }, after);
  });
