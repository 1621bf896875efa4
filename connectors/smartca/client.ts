import { randomUUID } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import { ConnectorError, type ConnectorErrorCode } from '#connectors/kit/errors.ts';
import { exchange, parseJson } from '#connectors/kit/http.ts';
import { nullable } from '#connectors/kit/nullable.ts';
import { SmartcaCertificate, type SmartcaSettings, SmartcaSignature } from './mapping.ts';

/** `status_code` of VNPT's document §3.1, which stands in the body and may be the HTTP status as well. */
const faults: Record<number, ConnectorErrorCode> = {
  400: 'refused',
  401: 'unauthorised',
  403: 'refused',
  404: 'not-found',
  429: 'rate-limited',
};
/** Names from the document; any other word may be the vendor's free text and is not told. */
const names = ['BAD_REQUEST', 'SP_CREDENTIAL_INVALID', 'CREDENTIAL_STATUS_INVALID'];

const Envelope = Type.Object({ status_code: Type.Number(), message: nullable(Type.String()) });
const Certificates = Type.Object({
  data: Type.Object({ user_certificates: Type.Array(SmartcaCertificate) }),
});
const Asked = Type.Object({
  data: Type.Object({ transaction_id: Type.String(), tran_code: Type.Optional(Type.String()) }),
});
const Status = Type.Object({
  data: nullable(
    Type.Object({
      transaction_id: nullable(Type.String()),
      signatures: nullable(Type.Array(SmartcaSignature)),
    }),
  ),
});

const checkEnvelope = checkAnswer(Envelope);
const checkCertificates = checkAnswer(Certificates);
const checkAsked = checkAnswer(Asked);
const checkStatus = checkAnswer(Status);

export interface SmartcaStatus {
  /** What the service says of it, without its own prose: `SUCCESS`, `EXPIRED`, `sig_wait_for_user_confirm`. */
  word: string;
  signatures: Static<typeof SmartcaSignature>[] | undefined;
}

/** VNPT SmartCA's gateway "SP769": JSON by POST, the client's name and password in every body. */
export const createClient = (settings: SmartcaSettings, maxBytes: number) => {
  const root = settings.baseUrl.replace(/\/+$/, '');
  const post = async (path: string, json: object, signal: AbortSignal) => {
    const answer = await exchange({
      method: 'POST',
      url: root + path,
      headers: { accept: 'application/json' },
      json,
      signal,
      maxBytes,
      faultStatuses: [400, 401, 403, 404],
    });
    const body = parseJson(answer);
    const { status_code: status, message } = checkEnvelope(body);
    return { body, status, word: (message ?? '').trim() };
  };
  const faultOf = (status: number, word: string): ConnectorError => {
    const name = names.includes(word) ? word : '';
    return new ConnectorError(
      faults[status] ?? (status >= 500 ? 'unavailable' : 'refused'),
      `the service says ${status} ${name}`.trim(),
      { vendorCode: name || String(status) },
    );
  };
  const own = { sp_id: settings.spId, sp_password: settings.spPassword };

  return {
    async certificates(userId: string, signal: AbortSignal) {
      const { body, status, word } = await post(
        '/v1/credentials/get_certificate',
        { ...own, user_id: userId, serial_number: '', transaction_id: randomUUID() },
        signal,
      );
      if (status !== 200) throw faultOf(status, word);
      return checkCertificates(body).data.user_certificates;
    },
    /** Asks the holder. The service takes a `transaction_id` once; a second time is a fault. */
    async ask(request: object & { transaction_id: string }, signal: AbortSignal) {
      const { body, status, word } = await post('/v1/signatures/sign', { ...own, ...request }, signal);
      if (status !== 200) throw faultOf(status, word);
      return checkAsked(body).data;
    },
    /** Undefined when the service knows no such transaction. */
    async status(id: string, signal: AbortSignal): Promise<SmartcaStatus | undefined> {
      const { body, status, word } = await post(
        `/v1/signatures/sign/${encodeURIComponent(id)}/status`,
        {},
        signal,
      );
      if (status === 404) return undefined;
      const signatures = status === 200 ? checkStatus(body).data?.signatures : undefined;
      // What became of a transaction is told by its word, also with another status than 200.
      if (status === 200 || /expired|reject|refuse|cancel|wait/i.test(word))
        return { word, signatures: signatures ?? undefined };
      throw faultOf(status, word);
    },
  };
};
export type SmartcaClient = ReturnType<typeof createClient>;
