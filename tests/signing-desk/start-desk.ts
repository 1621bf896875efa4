import createSigningDesk from '#hub/signing-desk/signing-desk.service.ts';
import { type PlayedSigning, playSigning } from '#tests/signing-desk/play-signing.ts';
import { type Browse, createBrowse, type Visit } from '#tests/sso/browse.ts';
import { giveName } from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

export interface Desk {
  signOn: SignOn;
  signing: PlayedSigning;
  at(path: string): string;
  /** A browser in which this person is signed in. */
  browserOf(person: Person): Promise<Browse>;
  stop(): Promise<void>;
}

/** The desk behind a real sign-on and gateway; the signing part is played. */
export const startDesk = async (options: Parameters<typeof startSignOn>[0] = {}): Promise<Desk> => {
  const signing = playSigning();
  const signOn = await startSignOn({ ...options, parts: [createSigningDesk, () => signing.part] });
  const at = (path: string): string => signOn.origin + path;
  return {
    ...{ signOn, signing, at },
    async browserOf(person) {
      const browse = createBrowse();
      await giveName(browse, await browse.open(at('/signing')), person);
      return browse;
    },
    stop: () => signOn.stop(),
  };
};

/** The hidden field of a page that proves where a form comes from. */
export const csrfOf = ({ text }: Visit): string => /name="csrf" value="([^"]+)"/.exec(text)![1]!;

/** Chooses documents on the list, as a browser sends them. */
export const choose = async (browse: Browse, at: Desk['at'], stepIds: string[]): Promise<Visit> => {
  const csrf = csrfOf(await browse.open(at('/signing')));
  const body = new URLSearchParams({ csrf });
  for (const id of stepIds) body.append('step', id);
  return browse.open(at('/signing/chosen'), { method: 'POST', body });
};
