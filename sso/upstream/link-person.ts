import { appendAudit } from '#hub/platform/audit-store.ts';
import type { Call } from '#hub/platform/calls.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { cleanKey, findByKey } from '#sso/upstream/find-by-key.ts';
import type { UpstreamIdentity } from '#sso/upstream/identity.ts';
import { judgeKey, judgeStatus, type KeyVerdict } from '#sso/upstream/judge-key.ts';
import { findLink, insertLink } from '#sso/upstream/links-store.ts';
import type { Source } from '#sso/upstream/source.ts';
import { removeUnlinked, writeUnlinked } from '#sso/upstream/unlinked-store.ts';

interface LinkDeps {
  db: Database;
  call: Call;
}

/**
 * Whose account this is: by its link, or before there is one by the configured key. Never by name or mail address. Writes
 * nothing.
 */
export const recognise = async (
  { db, call }: LinkDeps,
  source: Source,
  identity: UpstreamIdentity,
): Promise<KeyVerdict & { linked: boolean }> => {
  const link = await findLink(db, identity);
  if (link !== undefined) {
    const [person] = await call('staff.snapshots', { ids: [link.staffId] });
    return { linked: true, ...(person === undefined ? { reason: 'no-staff' } : judgeStatus(person)) };
  }
  const key = cleanKey(source.key, identity.key);
  const people = key === undefined ? undefined : (await findByKey(call, source.key, [key])).get(key);
  return { linked: false, ...judgeKey(key, people) };
};

/** Links an account for the first time. Of several at the same moment one wins; the others find its link. */
const link = async (
  { db }: LinkDeps,
  source: Source,
  identity: UpstreamIdentity,
  staffId: string,
): Promise<KeyVerdict> => {
  const { issuer, subject } = identity;
  const made = await inTransaction(db, async tx => {
    const given = { sourceId: source.id, issuer, subject, staffId, linkedBy: source.key };
    if (!(await insertLink(tx, given))) return false;
    await removeUnlinked(tx, source.id, subject);
    await appendAudit(tx, {
      actor: `staff/${staffId}`,
      action: 'upstream.linked',
      object: `staff/${staffId}`,
      detail: { source: source.id, key: source.key },
    });
    return true;
  });
  const holder = made ? staffId : (await findLink(db, identity))?.staffId;
  return holder === staffId ? { staffId } : { reason: 'linked-to-another', staffId };
};

/**
 * The person whose account this is, linked from now on; or why it is nobody's, which is noted in the report. Nobody is
 * ever created here.
 */
export const linkPerson = async (
  deps: LinkDeps,
  source: Source,
  identity: UpstreamIdentity,
): Promise<KeyVerdict> => {
  const { linked, ...known } = await recognise(deps, source, identity);
  const verdict =
    linked || known.reason !== undefined ? known : await link(deps, source, identity, known.staffId);
  if (verdict.reason !== undefined)
    await writeUnlinked(deps.db, source.id, 'sign-in', [
      {
        subject: identity.subject,
        username: identity.username,
        reason: verdict.reason,
        keyValue: source.key === 'citizenNumber' ? null : (identity.key ?? null),
        staffId: verdict.staffId ?? null,
      },
    ]);
  return verdict;
};
