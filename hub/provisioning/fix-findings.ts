import { createHash } from 'node:crypto';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction, type Tx } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { App } from '#schemas/app.ts';
import type { AppDirectory } from './app-directory.ts';
import { planExceeds } from './disable-guard.ts';
import {
  addLinks,
  type ChosenFinding,
  dropLinks,
  forceTasks,
  lockForFix,
  markChosen,
  openFindings,
  strangeFindings,
} from './fix-store.ts';
import { isUuid } from './page-cursor.ts';

export interface Fix {
  id: string;
  kinds?: string[];
  findingIds?: number[];
  confirm?: string;
  actor: string;
}

/** Names exactly this choice: when the findings change, an earlier confirmation is worth nothing. */
const tokenOf = (findings: readonly ChosenFinding[]): string =>
  createHash('sha256')
    .update(findings.map(finding => finding.id).join(','))
    .digest('hex')
    .slice(0, 24);

const guardPlan = (
  guard: App['disableGuard'],
  findings: ChosenFinding[],
  counts: { accounts: number; unitAccounts: Record<string, number> },
  confirm: string | undefined,
): void => {
  const exceeds = planExceeds(
    guard,
    findings.filter(finding => finding.disables).map(({ unitId }) => ({ unitId: unitId ?? undefined })),
    { total: counts.accounts, byUnit: new Map(Object.entries(counts.unitAccounts)) },
  );
  const token = tokenOf(findings);
  if (exceeds !== undefined && confirm !== token)
    throw new AppError('plan-needs-confirmation', { ...exceeds, token });
};

const withBoth = (findings: ChosenFinding[]): { staffId: string; externalId: string }[] =>
  findings.flatMap(({ staffId, externalId }) => (staffId && externalId ? [{ staffId, externalId }] : []));

/** Links as they should be, then a task for everybody concerned; accounts of nobody are left to the job. */
const queueFixes = async (tx: Tx, app: string, findings: ChosenFinding[]): Promise<void> => {
  const relinks = findings.filter(finding => finding.action === 'relink');
  const missing = findings.filter(finding => finding.kind === 'missing');
  const byTask = findings.filter(finding => finding.kind === 'different' || finding.action === 'update');
  await dropLinks(tx, app, [
    ...missing.map(finding => ({ staffId: finding.staffId!, externalId: null })),
    ...withBoth(relinks),
  ]);
  await addLinks(tx, app, [
    ...withBoth(byTask),
    ...relinks.flatMap(({ otherStaffId, externalId }) =>
      otherStaffId && externalId ? [{ staffId: otherStaffId, externalId }] : [],
    ),
  ]);
  await forceTasks(
    tx,
    app,
    [...missing, ...byTask, ...relinks].flatMap(({ staffId, otherStaffId }) =>
      [staffId, otherStaffId].filter(id => id !== null),
    ),
  );
};

/** A choice of nothing, or of what was never found, is a slip: it is not answered with `queued: 0`. */
const refuseEmpty = ({ kinds = [], findingIds = [] }: Pick<Fix, 'kinds' | 'findingIds'>): void => {
  if (kinds.length === 0 && findingIds.length === 0)
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '', code: 'nothing-chosen' }] });
};
const refuseStrange = async (tx: Tx, id: string, findingIds: number[] = []): Promise<void> => {
  const strange = await strangeFindings(tx, id, findingIds);
  const faults = strange.map(one => ({
    pointer: `/findingIds/${findingIds.indexOf(one)}`,
    code: 'unknown-finding',
  }));
  if (faults.length > 0) throw new AppError('invalid-request', {}, { faults });
};

/**
 * Mends what was chosen, by kinds or by ids. More accounts to be disabled than the app's guard allows stop it
 * with `plan-needs-confirmation` before anything is written; the same choice with `confirm` passes.
 *
 * @throws {AppError} `invalid-request` for a choice of nothing, or of findings that the comparison does not have
 */
export const fixFindings = (
  db: Database,
  directory: AppDirectory,
  { id, actor, confirm, ...choice }: Fix,
): Promise<{ queued: number }> =>
  inTransaction(db, async tx => {
    const reconciliation = isUuid(id) ? await lockForFix(tx, id) : undefined;
    if (reconciliation === undefined) throw new AppError('unknown-reconciliation');
    refuseEmpty(choice);
    await refuseStrange(tx, id, choice.findingIds);
    if (!['done', 'fixing', 'fixed'].includes(reconciliation.state)) throw new AppError('conflict');
    const { app } = reconciliation;
    const known = await directory.find(app);
    if (known === undefined) throw new AppError('unknown-app', { app });
    const findings = await openFindings(tx, id, choice);
    if (findings.length === 0) return { queued: 0 };
    guardPlan(known.app.disableGuard, findings, reconciliation, confirm);
    await queueFixes(tx, app, findings);
    await markChosen(
      tx,
      id,
      findings.map(finding => finding.id),
    );
    await appendAudit(tx, {
      actor,
      action: 'reconciliation.fixed',
      object: `reconciliation/${id}`,
      detail: { app, findings: findings.length, confirmed: confirm !== undefined },
    });
    return { queued: findings.length };
  });
