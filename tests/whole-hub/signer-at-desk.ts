import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxSigning } from '#sandbox/signing/make-signers.ts';
import { choose } from '#tests/signing-desk/start-desk.ts';
import { codeOf } from '#tests/sso/authenticator.ts';
import { type Browse, createBrowse } from '#tests/sso/browse.ts';

/** What a clerk types for a document: số và ký hiệu, ngày ban hành. */
export interface TypedNumber {
  number: string;
  date: string;
}

/** Somebody of the sandbox who signs, in a browser where their second factor was given a moment ago. */
export interface SignerAtDesk {
  staffId: string;
  /** The organisation whose seal they keep. */
  unitId?: string;
  /** Chooses these of what waits, and approves them with one PIN. */
  approve(stepIds: string[], numbers?: Record<string, TypedNumber>): Promise<void>;
}

interface SandboxFile {
  staff: { username: string; password: string }[];
  signing: SandboxSigning;
}

/** One browser for each person: a code of an authenticator is good once. */
const browsers = new Map<string, { browse: Browse; provedAt: number }>();
/** The desk takes a second factor for nine minutes. */
const goodMs = 5 * 60_000;

const openBrowse = async (
  at: (path: string) => string,
  { username, password, totp }: { username: string; password: string; totp: string },
): Promise<Browse> => {
  const browse = createBrowse();
  const signedIn = await browse.submit(await browse.open(at('/signing')), { username, password });
  assert.equal(signedIn.status, 200, signedIn.url);
  await prove(browse, at, totp);
  return browse;
};

const prove = async (browse: Browse, at: (path: string) => string, totp: string): Promise<void> => {
  const asked = await browse.open(at('/sso/my/open?factor=fresh&to=/signing'));
  const back = await browse.submit(asked, { code: codeOf(totp) });
  assert.equal(back.url, at('/signing'), back.text);
};

/** The leader, or the clerk who keeps a seal, of the sandbox whose data lie in `dataDir`. */
export const signerAtDesk = async (
  origin: string,
  dataDir: string,
  role: 'leader' | 'clerk',
): Promise<SignerAtDesk> => {
  const file = JSON.parse(await readFile(join(dataDir, 'sandbox.json'), 'utf8')) as SandboxFile;
  const isClerk = role === 'clerk';
  const signer = file.signing.signers!.find(({ unitId }) => (unitId !== undefined) === isClerk)!;
  const { password } = file.staff.find(({ username }) => username === signer.username)!;
  const at = (path: string): string => origin + path;
  const name = `${origin} ${signer.username}`;
  const open = async (): Promise<{ browse: Browse; provedAt: number }> => ({
    browse: await openBrowse(at, { ...signer, password }),
    provedAt: performance.now(),
  });
  const opened = browsers.get(name) ?? (await open());
  browsers.set(name, opened);
  const { browse } = opened;
  return {
    staffId: signer.staffId,
    ...(signer.unitId === undefined ? {} : { unitId: signer.unitId }),
    async approve(stepIds, numbers = {}) {
      if (performance.now() - opened.provedAt > goodMs) {
        await prove(browse, at, signer.totp);
        opened.provedAt = performance.now();
      }
      const page = await choose(browse, at, stepIds);
      const typed = Object.entries(numbers).flatMap(([id, { number, date }]) => [
        [`number-${id}`, number],
        [`date-${id}`, date],
      ]);
      const done = await browse.submit(page, { pin: signer.pin, ...Object.fromEntries(typed) });
      assert.match(done.text, new RegExp(`Đã duyệt ký ${stepIds.length} văn bản`), done.text);
      assert.doesNotMatch(done.text, /chưa quyết định được/);
    },
  };
};
