import { createCredential } from '#hub/key-service/create-credential.ts';
import { credentialsOf } from '#hub/key-service/credential-store.ts';
import type { TokenClient } from '#hub/key-service/pkcs11/token-client.ts';
import { statusOf } from '#hub/key-service/show-credential.ts';
import { subjectOf } from '#hub/key-service/subject-of.ts';
import { AppError } from '#hub/platform/errors.ts';
import { type Language, say } from '#hub/platform/messages.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { KeyAlgorithm } from '#schemas/signer.ts';

/** What became of one person. */
export interface Issued {
  staffId: string;
  id?: string;
  request?: string;
  code?: string;
  skipped?: true;
  error?: { code: string; detail: string };
}

/** Keys of many people, one after the other: a token makes one at a time. Who fails stops nobody else. */
export const issueMany = async (
  context: Pick<PartContext, 'db' | 'call'> & { readonly token: TokenClient },
  given: {
    staffIds: string[];
    algorithm?: KeyAlgorithm;
    renew?: boolean;
    actor: string;
    requestId: string;
    language: Language;
  },
): Promise<Issued[]> => {
  const { staffIds, renew = false, language, ...rest } = given;
  const held = Map.groupBy(
    (await credentialsOf(context.db, { staffIds })).filter(({ revokedAt }) => revokedAt === null),
    row => row.staffId!,
  );
  const issue = async (staffId: string): Promise<Issued> => {
    const rows = held.get(staffId) ?? [];
    const asked = rows.find(({ certificate }) => certificate === null);
    if (asked !== undefined) return { staffId, id: asked.id, request: asked.request.toString('base64') };
    // A key that is only held comes back: another one would not help.
    if (!renew && rows.some(row => statusOf(row) !== 'expired')) return { staffId, skipped: true };
    const subject = await subjectOf(context, { staffId });
    const { credentialId: id, ...made } = await createCredential(context, { staffId, subject, ...rest });
    return { staffId, id, ...made };
  };
  const issued: Issued[] = [];
  for (const staffId of staffIds)
    try {
      issued.push(await issue(staffId));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      issued.push({
        staffId,
        error: { code: error.code, detail: say(language, `errors.${error.code}`, error.params) },
      });
    }
  return issued;
};
