import { Type } from 'typebox';
import { AppError } from '#hub/platform/errors.ts';
import { Reply, type Route } from '#hub/platform/http/route.ts';
import { type Language, say } from '#hub/platform/messages.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { checkUpload } from '#hub/signing/agent/check-upload.ts';
import { type Pass, takePass } from '#hub/signing/agent/pass-store.ts';
import { readAgentFile } from '#hub/signing/agent/read-agent-file.ts';

const tag = 'signing';
/** A signature with its proofs and the picture of a seal. */
const mostAdded = 4 * 1024 * 1024;
const mostAround = 2 * 1024 * 1024;

/** What the border needs of the requests: the file as it is now, and a place for what was added to it. */
export interface AgentDesk {
  /** The prepared file of a step that still waits for this person. @throws AppError when it does not wait any more */
  prepared(pass: Pass): Promise<{ fileName: string; pdf: Buffer; number?: string }>;
  /** Judges the new signature and keeps the update. @throws AppError when it is not good, or not this person's */
  signed(pass: Pass, increment: Buffer): Promise<void>;
}

/** The agent shows `Message` to the person; it looks at `Status`, not at HTTP's. */
const told = (ok: boolean, message: string, more: Record<string, string> = {}): Record<string, unknown> => ({
  Status: ok,
  Message: message,
  FileName: '',
  FileServer: '',
  DocumentNumber: '',
  ...more,
});

const Token = Type.Object({ token: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) });

/** Where the agent fetches the file that is to be signed, and where it brings it back. The token in the address is the right to it. */
export const agentRoutes = (
  { db }: Pick<PartContext, 'db'>,
  desk: AgentDesk,
  maxFileBytes: number,
): Route[] => {
  const take = async (kind: 'fetch' | 'bring', token: string): Promise<Pass> => {
    const pass = await takePass(db, kind, token);
    if (pass === undefined) throw new AppError('signing-pass-spent');
    return pass;
  };
  const bring = async (
    stream: NodeJS.ReadableStream,
    contentType: string,
    token: string,
    language: Language,
  ): Promise<Record<string, unknown>> => {
    // Spent first: of two uploads at once one is taken, and a wrong one is no try.
    const pass = await take('bring', token);
    const upload = await readAgentFile(stream, contentType, maxFileBytes + mostAdded);
    const { fileName, pdf, number = '' } = await desk.prepared(pass);
    const problem = checkUpload(pdf, upload);
    if (problem !== undefined)
      throw new AppError('signing-upload-refused', { reason: say(language, `signing-agent.${problem}`) });
    if (upload.length - pdf.length > mostAdded)
      throw new AppError('signing-upload-refused', {
        reason: say(language, 'signing-agent.upload-too-large'),
      });
    await desk.signed(pass, upload.subarray(pdf.length));
    return told(true, say(language, 'signing-agent.taken'), {
      FileName: fileName,
      FileServer: fileName,
      DocumentNumber: number,
    });
  };
  return [
    {
      method: 'GET',
      path: '/api/v1/signing/agent/files/{token}',
      scope: 'public',
      tag,
      summary: 'The file to sign, for the signing agent; the address works once',
      params: Token,
      async handle({ params }) {
        const { pdf } = await desk.prepared(await take('fetch', params.token!));
        return new Reply(200, pdf, { 'content-type': 'application/pdf', 'cache-control': 'no-store' });
      },
    },
    {
      method: 'POST',
      path: '/api/v1/signing/agent/uploads/{token}',
      scope: 'public',
      tag,
      summary: 'The signed file, from the signing agent; the address works once',
      description:
        'multipart/form-data with the file as `uploadfile`. It must be the file that was fetched with something added after it. A refusal is told as ' +
        '`{"Status":false,"Message":…}` with status 200, as the agent reads it.',
      params: Token,
      raw: true,
      maxBytes: maxFileBytes + mostAdded + mostAround,
      contentTypes: ['multipart/form-data'],
      renderError: (error, language) =>
        new Reply(200, told(false, say(language, `errors.${error.code}`, error.params))),
      handle: ({ params, stream, headers, language }) =>
        bring(stream, String(headers['content-type'] ?? ''), params.token!, language),
    },
  ];
};
