import { Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { exchange } from '#connectors/kit/http.ts';
import { isFault, mapFault } from './map-fault.ts';
import type { MailSettings } from './settings.ts';
import { parseXml, tag, textTag } from './xml.ts';

const Text = Type.Object({ '#text': Type.String() });
const readEnvelope = checkAnswer(
  Type.Object({ Envelope: Type.Object({ Body: Type.Record(Type.String(), Type.Unknown()) }) }),
);
const readAuth = checkAnswer(Type.Object({ authToken: Text, lifetime: Type.Optional(Text) }));

/** A token without a stated life is used for this long. */
const assumedLifetimeMs = 10 * 60_000;

const envelope = (request: string, token: string | undefined): string => {
  const context = tag('context', { xmlns: 'urn:zimbra' }, token && textTag('authToken', token));
  return tag(
    'soap:Envelope',
    { 'xmlns:soap': 'http://www.w3.org/2003/05/soap-envelope' },
    tag('soap:Header', {}, context) + tag('soap:Body', {}, request),
  );
};

/** Calls to Zimbra's admin service (SOAP 1.2) under one token, renewed before it ends. */
export interface SoapSession {
  /**
   * Sends `<{name}Request>` with that content and answers the `<{name}Response>` element as parsed by
   * `parseXml`. A token that the server has forgotten is renewed once. Throws kit errors only.
   */
  call(
    name: string,
    attributes: Record<string, string>,
    content: string,
    signal: AbortSignal,
  ): Promise<unknown>;
  /** Signs in afresh, whatever token there is. */
  signIn(signal: AbortSignal): Promise<void>;
}

/** `now` in milliseconds is handed in for tests. */
export const openSoapSession = (settings: MailSettings, maxBytes: number, now = Date.now): SoapSession => {
  let held: { token: string; renewAt: number } | undefined;
  let signingIn: Promise<string> | undefined;

  const post = async (
    name: string,
    attributes: Record<string, string>,
    content: string,
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<unknown> => {
    const request = tag(`${name}Request`, { xmlns: 'urn:zimbraAdmin', ...attributes }, content);
    const answer = await exchange({
      method: 'POST',
      url: settings.adminUrl,
      headers: { 'content-type': 'application/soap+xml; charset=utf-8' },
      body: envelope(request, token),
      // Zimbra tells every fault with 500.
      faultStatuses: [500],
      signal,
      maxBytes,
    });
    if (answer.status === 500 && !answer.text.includes('Fault'))
      throw new ConnectorError('unavailable', 'the mail server answers 500 without a fault');
    if (answer.status !== 200 && answer.status !== 500)
      throw new ConnectorError('unexpected-answer', `the mail server answers ${answer.status}`);
    const { Body } = readEnvelope(parseXml(answer.text)).Envelope;
    if (Body.Fault !== undefined) throw mapFault(Body.Fault);
    const response = Body[`${name}Response`];
    if (response === undefined)
      throw new ConnectorError('unexpected-answer', `the answer holds no ${name}Response`);
    return response;
  };

  const authenticate = async (signal: AbortSignal): Promise<string> => {
    const content = textTag('name', settings.adminName) + textTag('password', settings.adminPassword);
    const answer = readAuth(await post('Auth', {}, content, undefined, signal));
    const stated = Number(answer.lifetime?.['#text'] || assumedLifetimeMs);
    const lifetime = Number.isFinite(stated) && stated > 0 ? stated : assumedLifetimeMs;
    const token = answer.authToken['#text'];
    held = { token, renewAt: now() + lifetime - Math.min(60_000, lifetime / 10) };
    return token;
  };

  /** Calls that need a token at the same time share one sign-in. */
  const token = async (signal: AbortSignal): Promise<string> => {
    while (true) {
      if (held !== undefined && now() < held.renewAt) return held.token;
      const own = signingIn === undefined;
      signingIn ??= authenticate(signal).finally(() => {
        signingIn = undefined;
      });
      try {
        return await signingIn;
      } catch (error) {
        // The caller that was signing in ran out of time; ours may still be enough.
        const othersTime = !own && error instanceof ConnectorError && error.code === 'timed-out';
        if (!othersTime || signal.aborted) throw error;
      }
    }
  };

  return {
    async call(name, attributes, content, signal) {
      const used = await token(signal);
      try {
        return await post(name, attributes, content, used, signal);
      } catch (error) {
        if (!isFault(error, 'service.AUTH_EXPIRED', 'service.AUTH_REQUIRED')) throw error;
        if (held?.token === used) held = undefined;
        return post(name, attributes, content, await token(signal), signal);
      }
    },
    async signIn(signal) {
      await authenticate(signal);
    },
  };
};
