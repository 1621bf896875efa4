import type { AppAccount } from '#schemas/account.ts';
import type { InvokeAnswer } from '#schemas/commands/connectors.ts';
import { checkWork } from './check-work.ts';
import type { ConnectorInstance } from './define-connector.ts';
import type { Guard } from './guard.ts';
import type { Page } from './ports.ts';
import { answerOf, runPort } from './run-port.ts';

/** One line of a connector's check: what was tried and how it went. */
export interface CheckLine {
  /** `ping`, `accounts.list`, or the id of a contract check. */
  step: string;
  ok: boolean;
  /** The kit error's code; absent when the connector broke its own promise. */
  code?: string;
  /** What was wrong, or what was found; no secret, no personal data. */
  detail: string;
  durationMs: number;
}

const lineOf = (
  step: string,
  answer: InvokeAnswer,
  found: (result: unknown) => string = () => '',
): CheckLine =>
  answer.ok
    ? { step, ok: true, detail: found(answer.result), durationMs: answer.durationMs }
    : { step, ok: false, code: answer.code, detail: answer.message, durationMs: answer.durationMs };

/**
 * Calls a real app without changing anything: a ping, then for each port its first page, and the first
 * account once more by its id; of a signing service the test user's certificates, nothing is signed. Never throws; a line with `ok: false` says what is wrong.
 */
export const checkConnector = async (instance: ConnectorInstance, guard: Guard): Promise<CheckLine[]> => {
  const lines = [lineOf('ping', await answerOf(guard, context => instance.ping(context)))];
  if (instance.ports.accounts !== undefined) {
    const listed = await runPort(instance, guard, 'accounts', 'list', [{ limit: 20 }]);
    lines.push(lineOf('accounts.list', listed, page => `${(page as Page<AppAccount>).items.length}`));
    const first = listed.ok ? (listed.result as Page<AppAccount>).items[0] : undefined;
    if (first !== undefined) {
      const got = await runPort(instance, guard, 'accounts', 'get', [first.externalId]);
      const line = lineOf('accounts.get', got);
      const lost = got.ok && (got.result as AppAccount | undefined)?.externalId !== first.externalId;
      lines.push(lost ? { ...line, ok: false, detail: 'a listed account cannot be read by its id' } : line);
    }
  }
  if (instance.ports.hrSource !== undefined) {
    const pulled = await runPort(instance, guard, 'hrSource', 'pull', [{ limit: 20 }]);
    lines.push(lineOf('hrSource.pull', pulled, page => `${(page as { changes: unknown[] }).changes.length}`));
  }
  if (instance.ports.signer !== undefined && instance.testUser !== undefined) {
    const told = await runPort(instance, guard, 'signer', 'certificates', [{ userId: instance.testUser }]);
    lines.push(lineOf('signer.certificates', told, credentials => `${(credentials as unknown[]).length}`));
  }
  return [...lines, ...(await checkWork(instance, guard))];
};
