import type { PartContext } from '#hub/platform/part.ts';
import type { PasswordHasher } from '#sso/accounts/hash-password.ts';
import { readPassword } from '#sso/accounts/password-store.ts';
import {
  askVerifiers,
  type PasswordQuestion,
  type PasswordVerifier,
  type PasswordWord,
} from '#sso/sign-in/password-verifier.ts';
import type { UpstreamIdentity } from '#sso/upstream/identity.ts';
import { checkBind } from '#sso/upstream/ldap/check-bind.ts';
import { linkPerson, recognise } from '#sso/upstream/link-person.ts';
import { migratePassword } from '#sso/upstream/migrate-password.ts';
import { checkPasswordGrant } from '#sso/upstream/openid/password-grant.ts';
import type { RelyingParties } from '#sso/upstream/openid/relying-party.ts';
import { openSource, type Source } from '#sso/upstream/source.ts';
import type { SourceGuard } from '#sso/upstream/source-guard.ts';
import type { SourceRow } from '#sso/upstream/sources-store.ts';

interface VerifierDeps {
  context: PartContext;
  hasher: PasswordHasher;
  guard: SourceGuard;
  parties: RelyingParties;
  sources(): Promise<SourceRow[]>;
}

/** What a source says of the password, before it is known whose account that is. */
type Answer = { outcome: 'unknown' } | { outcome: 'right' | 'wrong'; identity: UpstreamIdentity };

const comesFirst = (source: Source): boolean => source.kind === 'ldap' && source.settings.always === true;

/** Whether a source is one that checks passwords, and of this person. */
const isAsked = (source: Source, { own }: PasswordQuestion): boolean => {
  if (!source.enabled || (own !== undefined && !comesFirst(source))) return false;
  return source.kind === 'ldap' || (source.migratePasswords && source.settings.passwordGrant !== undefined);
};

const ask = ({ guard, parties }: VerifierDeps, source: Source, question: PasswordQuestion): Promise<Answer> =>
  guard.ask(source, signal =>
    source.kind === 'ldap'
      ? checkBind(source, question, signal)
      : checkPasswordGrant(parties, source, question),
  );

/** What a source has said is worth this here: the account's owner may have a password of their own by now. */
const weigh = async (
  { context, hasher }: VerifierDeps,
  source: Source,
  { own, password }: PasswordQuestion,
  answer: Exclude<Answer, { outcome: 'unknown' }>,
): Promise<PasswordWord> => {
  const right = answer.outcome === 'right';
  const { reason, staffId } = await (right ? linkPerson : recognise)(context, source, answer.identity);
  const isOut = reason === 'left' || reason === 'suspended';
  const owner = reason === undefined || isOut ? staffId : undefined;
  // The account of one person says nothing of the password that another has here under this name.
  if (own !== undefined && own.staffId !== owner && (own.matches || !right)) return { outcome: 'unknown' };
  if (owner === undefined) return { outcome: right ? 'unlinked' : 'wrong' };
  const kept = comesFirst(source) ? undefined : await readPassword(context.db, owner);
  const taken = kept === undefined ? right : await hasher.matches(kept.hash, password);
  if (!taken) return { outcome: 'wrong', staffId: owner };
  if (source.migratePasswords && kept === undefined && !own?.matches && !isOut)
    await migratePassword(
      { db: context.db, hasher, rules: context.config.signOn },
      { person: await context.call('staff.get', { id: owner }), password, sourceId: source.id },
    );
  return { outcome: 'right', staffId: owner };
};

const verifyAt = async (
  deps: VerifierDeps,
  source: Source,
  question: PasswordQuestion,
): Promise<PasswordWord> => {
  let answer: Answer;
  try {
    answer = await ask(deps, source, question);
  } catch (error) {
    deps.context.log.warn(
      { source: source.id, problem: (error as Error).message },
      'an older system is away',
    );
    return { outcome: 'away' };
  }
  return answer.outcome === 'unknown' ? answer : weigh(deps, source, question, answer);
};

/** Passwords of older systems, as configured at this moment. */
export const createUpstreamVerifier = (deps: VerifierDeps): PasswordVerifier => ({
  async verify(question) {
    const sources = (await deps.sources()).map(row => openSource(deps.context.secrets, row));
    const asked = sources.filter(source => isAsked(source, question));
    return askVerifiers(
      asked.map(source => ({ verify: () => verifyAt(deps, source, question) })),
      question,
    );
  },
});
