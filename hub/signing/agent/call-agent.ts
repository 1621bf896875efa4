import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { agentCall } from '#hub/signing/agent/agent-call.ts';
import { insertCall } from '#hub/signing/agent/call-store.ts';
import { hashOfToken, makeToken } from '#hub/signing/agent/pass-token.ts';
import { isOnToken } from '#hub/signing/agent/token-key.ts';
import { demandRight } from '#hub/signing/demand-right.ts';
import type { FileWorkers } from '#hub/signing/file-workers.ts';
import { byWhom } from '#hub/signing/may-decide.ts';
import { readFile } from '#hub/signing/read-file.ts';
import { findRequests } from '#hub/signing/request-store.ts';
import { chooseKey } from '#hub/signing/signers/choose-key.ts';
import type { HeldKeys } from '#hub/signing/signers/held-keys.ts';
import type { ParamsOf } from '#schemas/command.ts';
import type { signingCommands } from '#schemas/commands/signing.ts';
import type { AgentCall } from '#schemas/signing.ts';

/** How long the addresses work: reading, choosing the certificate and the PIN take a person minutes. */
const seconds = 15 * 60;

/**
 * Makes a step's file ready for its signer's token, and the addresses for it. What was reserved for number and date is filled in
 * now; where nothing was, the agent is told them. Nothing is decided by it.
 *
 * @throws AppError `signing-step-not-waiting`, `delegation-limit-reached`; `no-signing-key`: this step is not signed with a token; `signing-number-missing`; as `chooseKey`
 */
export const callAgent = async (
  context: Pick<PartContext, 'db' | 'call' | 'config' | 'wake'> & { workers: FileWorkers; keys: HeldKeys },
  { staffId, stepId, numbers, agreements }: ParamsOf<(typeof signingCommands)['signing.call-agent']>,
): Promise<AgentCall> => {
  const { db, config, workers } = context;
  const { step } = await demandRight(context, staffId, stepId);
  const [request] = await findRequests(db, [step.requestId]);
  const key = await chooseKey(context, { ...step, ...byWhom(step, staffId) }, { by: staffId, agreements });
  if (!isOnToken(key)) throw new AppError('no-signing-key');
  const given = step.numbers ? numbers : undefined;
  if (step.numbers && given === undefined) throw new AppError('signing-number-missing');
  const increment =
    given === undefined
      ? Buffer.alloc(0)
      : (await workers.run('fill', { file: await readFile(db, request!), numbers: given })).increment;
  const tokens = { fetchToken: makeToken(), bringToken: makeToken() };
  const expiresAt = await inTransaction(db, tx =>
    insertCall(
      tx,
      {
        ...{ stepId, approver: staffId, route: key.route, userId: key.userId, baseParts: request!.parts },
        increment: Buffer.from(increment),
        numbers: given,
        fetchHash: hashOfToken(tokens.fetchToken),
        bringHash: hashOfToken(tokens.bringToken),
      },
      seconds,
    ),
  );
  const addresses = { origin: config.origin, agent: config.signingAgent };
  const call = agentCall(addresses, tokens, increment.length === 0 ? given : undefined);
  return { ...call, expiresAt: expiresAt.toISOString() };
};
