import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import { AppError } from '#hub/platform/errors.ts';
import { tooLarge } from '#hub/platform/http/guard-upload.ts';
import { Reply, type Route } from '#hub/platform/http/route.ts';
import { type Language, say } from '#hub/platform/messages.ts';
import { agentPaths } from '#hub/signing/agent/agent-call.ts';
import { type AgentCallRow, findBring, takeFetch } from '#hub/signing/agent/call-store.ts';
import { mostAdded } from '#hub/signing/agent/judge-upload.ts';
import { hashOfToken } from '#hub/signing/agent/pass-token.ts';
import { type AgentContext, agentFile, takeUpload } from '#hub/signing/agent/take-upload.ts';
import { readForm } from '#hub/signing/read-form.ts';
import { maxFileBytes } from '#hub/signing/receive-request.ts';

const tag = 'signing';
/** What the agent calls the file in its form. */
const field = 'uploadfile';
const maxBytes = maxFileBytes + mostAdded;
const mostAround = 2 * 1024 * 1024;

const Token = Type.Object({ token: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) });

/** What the agent reads: it looks at `Status`, not at HTTP's, and shows `Message`. `Code` is for whoever looks into a trouble. */
const tell = (Status: boolean, Message: string, more: Record<string, string> = {}) => ({
  ...{ Status, Message, FileName: '', FileServer: '', DocumentNumber: '', DocumentDate: '' },
  ...more,
});

const tellTaken = ({ number, issuedOn }: AgentCallRow, language: Language) => {
  const name = 'van-ban.pdf';
  return tell(true, say(language, 'signing-agent.taken'), {
    ...{ FileName: name, FileServer: name },
    ...(number === null ? {} : { DocumentNumber: number }),
    ...(issuedOn === null ? {} : { DocumentDate: issuedOn }),
  });
};

const tellRefused = (error: AppError, language: Language): Reply => {
  const Code = error.code === 'signing-upload-refused' ? error.faults[0]!.code : error.code;
  const reason = say(language, `signing-agent.${Code}`);
  return new Reply(
    200,
    tell(false, say(language, `errors.${error.code}`, { ...error.params, reason }), { Code }),
  );
};

/** Where the agent fetches the file that is to be signed, and where it brings it back. The token in the address is the right to it. */
export const agentRoutes = (context: AgentContext): Route[] => [
  {
    method: 'GET',
    path: agentPaths.file,
    scope: 'public',
    tag,
    summary: 'The file to sign, for the signing agent; the address works once',
    params: Token,
    async handle({ params }) {
      const call = await takeFetch(context.db, hashOfToken(params.token!));
      if (call === undefined) throw new AppError('signing-pass-spent');
      const { pdf } = await agentFile(context, call);
      return new Reply(200, pdf, { 'content-type': 'application/pdf', 'cache-control': 'no-store' });
    },
  },
  {
    method: 'POST',
    path: agentPaths.upload,
    scope: 'public',
    tag,
    summary: 'The signed file, from the signing agent; the address takes one',
    description:
      'multipart/form-data with the file as `uploadfile`. It must be the file that was fetched with one signature added after it. A refusal is told as ' +
      '`{"Status":false,"Message":…,"Code":…}` with status 200, as the agent reads it; it changes nothing, and the address still works.',
    params: Token,
    raw: true,
    maxBytes: maxBytes + mostAround,
    contentTypes: ['multipart/form-data'],
    renderError: tellRefused,
    async handle({ params, stream, headers, language }) {
      const call = await findBring(context.db, hashOfToken(params.token!));
      if (call === undefined) throw new AppError('signing-pass-spent');
      const type = String(headers['content-type'] ?? '');
      const known = { fields: [], files: [field], maxBytes, others: 'passed-over' as const };
      const upload = (await readForm(stream, type, known)).files[field]?.bytes;
      if (upload === undefined) throw new AppError('malformed-body', { reason: field });
      if (upload.length > maxBytes) throw tooLarge(maxBytes);
      // The same again: its answer was lost on the way.
      const isSame = call.taken?.equals(createHash('sha256').update(upload).digest()) ?? false;
      if (call.isUsed && !isSame) throw new AppError('signing-pass-spent');
      if (!call.isUsed) await takeUpload(context, call, upload);
      return tellTaken(call, language);
    },
  },
];
