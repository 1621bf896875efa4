import { type TSchema, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import { ConnectorError, type ConnectorErrorCode } from '#connectors/kit/errors.ts';
import { exchange, parseJson } from '#connectors/kit/http.ts';
import { axisFileHash, signHeaders } from './sign-headers.ts';

export interface DocumentAxisSettings {
  endpoint: string;
  systemId: string;
  secret: string;
}

const Reply = Type.Object({
  status: Type.String(),
  ErrorCode: Type.Optional(Type.Union([Type.String(), Type.Integer()])),
});
const checkReply = checkAnswer(Reply);

/** The axis's own codes. */
const meanings: Record<string, [ConnectorErrorCode, string]> = {
  '10': ['refused', 'the axis cannot read the file'],
  '15': ['unauthorised', 'the axis refuses system id or secret'],
  '18': ['refused', 'the axis does not know the receiver'],
  '19': ['refused', 'the sender is not registered at the axis'],
  '20': ['unavailable', 'the axis failed'],
  '21': ['unavailable', 'the axis could not process the file'],
  '22': ['refused', 'the axis finds the package invalid'],
  '23': ['refused', 'the receiver is locked at the axis'],
};

const Entry = Type.Object({
  docId: Type.String({ minLength: 1 }),
  from: Type.Optional(Type.String()),
  status: Type.Optional(Type.String()),
});
const checkSent = checkAnswer(Type.Object({ DocId: Type.String({ minLength: 1 }) }));
const checkList = checkAnswer(Type.Object({ data: Type.Union([Type.Array(Entry), Type.Null()]) }));
const checkPackage = checkAnswer(
  Type.Object({ data: Type.String({ pattern: '^[A-Za-z0-9+/\\s]*={0,2}\\s*$' }) }),
);
const checkNothing = checkAnswer(Type.Object({}) as TSchema);

/** The wire protocol of the axis: every parameter is a signed header, answers are JSON. */
export const createAxisClient = (settings: DocumentAxisSettings, maxBytes: number) => {
  const call = async <T>(
    path: string,
    parameters: Record<string, string>,
    { check, signal, body }: { check: (answer: unknown) => T; signal: AbortSignal; body?: string },
  ): Promise<T> => {
    const answer = await exchange({
      method: 'POST',
      url: settings.endpoint + path,
      headers: {
        ...signHeaders(parameters, { ...settings, now: new Date() }),
        'content-type': body === undefined ? 'application/json' : 'application/octet-stream',
      },
      body: body ?? '',
      signal,
      maxBytes,
    });
    const json = parseJson(answer);
    const reply = checkReply(json);
    if (reply.status === 'OK') return check(json);
    const vendorCode = String(reply.ErrorCode ?? 'unknown');
    const [code, words] = meanings[vendorCode] ?? ['refused', 'the axis refuses'];
    throw new ConnectorError(code, `${words} (${vendorCode})`, { vendorCode });
  };
  return {
    async send(
      parcel: { kind: 'edoc' | 'status'; from: string; to: string[]; package: string },
      signal: AbortSignal,
    ): Promise<string> {
      const parameters = {
        messagetype: parcel.kind,
        from: parcel.from,
        to: JSON.stringify(parcel.to),
        'hash-file': axisFileHash(parcel.package),
      };
      return (await call('/sendEdoc', parameters, { check: checkSent, signal, body: parcel.package })).DocId;
    },
    /** Only what nobody acknowledged yet. */
    async list(kind: 'edoc' | 'status', signal: AbortSignal) {
      const { data } = await call(
        '/getReceivedEdocList',
        { messagetype: kind },
        { check: checkList, signal },
      );
      return (data ?? []).filter(({ status }) => !['done', 'fail'].includes(status?.toLowerCase() ?? ''));
    },
    async fetch(docId: string, signal: AbortSignal): Promise<string> {
      return (await call('/getEdoc', { docId }, { check: checkPackage, signal })).data.replace(/\s+/g, '');
    },
    async updateStatus(docId: string, status: 'done' | 'fail', signal: AbortSignal): Promise<void> {
      await call('/updateStatus', { docId, status }, { check: checkNothing, signal });
    },
  };
};
