import { type TSchema, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import { ConnectorError, type ConnectorErrorCode } from '#connectors/kit/errors.ts';
import { exchange, type HttpRequest, parseJson } from '#connectors/kit/http.ts';
import { unlessNotFound } from '#connectors/kit/not-found.ts';
import { VendorUser } from './mapping.ts';

export interface NewAppSettings {
  baseUrl: string;
  apiKey: string;
}

/** The vendor's own error codes as kit errors; one not listed is a refusal. */
const vendorFaults: Record<string, ConnectorErrorCode> = {
  'no-such-user': 'not-found',
  'login-taken': 'conflict',
  'code-taken': 'conflict',
};
const checkFault = checkAnswer(Type.Object({ error: Type.String() }));
const Page = Type.Object({ users: Type.Array(VendorUser), more: Type.Boolean() });

/** Speaks the vendor's protocol: every answer is checked, every fault becomes a kit error. */
export const createClient = (settings: NewAppSettings, maxBytes: number) => {
  const ask = <T extends TSchema>(shape: T) => {
    const check = checkAnswer(shape);
    return async (method: HttpRequest['method'], path: string, signal: AbortSignal, json?: unknown) => {
      const answer = await exchange({
        method,
        url: `${settings.baseUrl.replace(/\/+$/, '')}/api/users${path}`,
        headers: { 'x-api-key': settings.apiKey, accept: 'application/json' },
        ...(json === undefined ? {} : { json }),
        signal,
        maxBytes,
      });
      if (answer.status < 300) return check(parseJson(answer));
      const { error } = checkFault(parseJson(answer));
      throw new ConnectorError(vendorFaults[error] ?? 'refused', `the app says ${error}`, {
        vendorCode: error,
      });
    };
  };
  const askUser = ask(VendorUser);
  const askPage = ask(Page);

  return {
    list: (offset: number, size: number, signal: AbortSignal) =>
      askPage('GET', `?offset=${offset}&limit=${size}`, signal),
    get: (id: string, signal: AbortSignal) =>
      unlessNotFound(askUser('GET', `/${encodeURIComponent(id)}`, signal)),
    async findByCode(code: string, signal: AbortSignal): Promise<string | undefined> {
      const { users } = await askPage('GET', `?staffCode=${encodeURIComponent(code)}`, signal);
      return users.find(user => user.staffCode === code)?.id;
    },
    create: (user: Partial<VendorUser>, signal: AbortSignal) => askUser('POST', '', signal, user),
    update: (id: string, user: Partial<VendorUser>, signal: AbortSignal) =>
      unlessNotFound(askUser('PATCH', `/${encodeURIComponent(id)}`, signal, user)),
  };
};
