import { appendAudit } from '#hub/platform/audit-store.ts';
import type { Call } from '#hub/platform/calls.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import type { UnlinkedReason, UpstreamComparison } from '#schemas/upstream.ts';
import { cleanKey, findByKey, type KeyedPerson } from '#sso/upstream/find-by-key.ts';
import type { UpstreamIdentity } from '#sso/upstream/identity.ts';
import { judgeKey, judgeStatus, type KeyVerdict } from '#sso/upstream/judge-key.ts';
import { readLinks } from '#sso/upstream/links-store.ts';
import type { LdapSource } from '#sso/upstream/source.ts';
import { removeUnlinked, type UnlinkedRow, writeUnlinked } from '#sso/upstream/unlinked-store.ts';

interface Deps {
  db: Database;
  call: Call;
}

const atOnce = 300;

/** The people of all keys, and those of all links. */
const readPeople = async (
  { call }: Deps,
  source: LdapSource,
  keys: string[],
  linkedIds: string[],
): Promise<{ byKey: Map<string, KeyedPerson[]>; byId: Map<string, KeyedPerson> }> => {
  const byKey = new Map<string, KeyedPerson[]>();
  for (let at = 0; at < keys.length; at += atOnce)
    for (const [key, people] of await findByKey(call, source.key, keys.slice(at, at + atOnce)))
      byKey.set(key, people);
  const byId = new Map<string, KeyedPerson>();
  for (let at = 0; at < linkedIds.length; at += atOnce)
    for (const person of await call('staff.snapshots', { ids: linkedIds.slice(at, at + atOnce) }))
      byId.set(person.id, person);
  return { byKey, byId };
};

const countBy = (texts: (string | undefined)[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== undefined) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
};

/**
 * Compares all accounts of a directory with the register and makes the report anew. It links nobody: that is done when
 * somebody has proven that an account is theirs.
 */
export const compareSource = async (
  deps: Deps,
  source: LdapSource,
  accounts: UpstreamIdentity[],
  by: { actor: string; requestId?: string },
): Promise<UpstreamComparison> => {
  const links = await readLinks(deps.db, source.id);
  const staffOf = new Map(links.map(({ subject, staffId }) => [subject, staffId]));
  const taken = new Set(staffOf.values());
  const keyOf = new Map(accounts.map(({ subject, key }) => [subject, cleanKey(source.key, key)]));
  const holders = countBy([...keyOf.values()]);
  const { byKey, byId } = await readPeople(deps, source, [...holders.keys()], [...taken]);

  const judge = ({ subject }: UpstreamIdentity): KeyVerdict => {
    const linkedId = staffOf.get(subject);
    if (linkedId !== undefined) {
      const person = byId.get(linkedId);
      return person === undefined ? { reason: 'no-staff' } : judgeStatus(person);
    }
    const key = keyOf.get(subject);
    const verdict = judgeKey(key, key === undefined ? undefined : byKey.get(key));
    if (verdict.reason !== undefined) return verdict;
    if (taken.has(verdict.staffId)) return { ...verdict, reason: 'linked-to-another' };
    return holders.get(key!) === 1 ? verdict : { ...verdict, reason: 'duplicate-upstream' };
  };

  const result: UpstreamComparison = { accounts: accounts.length, linked: 0, linkable: 0, unlinked: {} };
  const rows: UnlinkedRow[] = [];
  const note = (account: UpstreamIdentity, reason: UnlinkedReason, staffId: string | undefined): void => {
    result.unlinked[reason] = (result.unlinked[reason] ?? 0) + 1;
    rows.push({
      subject: account.subject,
      username: account.username,
      reason,
      keyValue: source.key === 'citizenNumber' ? null : (account.key ?? null),
      staffId: staffId ?? null,
    });
  };
  for (const account of accounts) {
    const { reason, staffId } = judge(account);
    if (reason !== undefined) note(account, reason, staffId);
    else result[staffOf.has(account.subject) ? 'linked' : 'linkable'] += 1;
  }
  await inTransaction(deps.db, async tx => {
    await removeUnlinked(tx, source.id);
    await writeUnlinked(tx, source.id, 'compare', rows);
    await appendAudit(tx, {
      ...by,
      action: 'upstream.compared',
      object: `upstream/${source.id}`,
      detail: { ...result },
    });
  });
  return result;
};
