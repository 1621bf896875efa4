type Proven = { progress?: { staffId?: string }; login?: { accountId?: string } };

/**
 * Whose a record of the provider is; undefined: nobody's yet. A sign-in under way is of who has begun to prove who they
 * are there, though nobody is signed in by it: what ends everything of a person ends it too. One that a session goes on
 * from needs no owner: it can be finished in that session alone.
 */
export const personOfRecord = (model: string, payload: Record<string, unknown>): string | undefined => {
  if (model !== 'Interaction') return payload.accountId as string | undefined;
  const { result, lastSubmission } = payload as { result?: Proven; lastSubmission?: Proven };
  return [result, lastSubmission]
    .map(proven => proven?.progress?.staffId ?? proven?.login?.accountId)
    .find(staffId => staffId !== undefined);
};
