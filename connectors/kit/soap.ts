import { fileURLToPath } from 'node:url';
import { type Client, createClientAsync, type IHttpClient, WSSecurity } from 'soap';
import { checkXml } from './check-xml.ts';
import { cleanInput } from './clean-soap-input.ts';
import { ConnectorError } from './errors.ts';
import { exchange, type HttpAnswer } from './http.ts';
import { readFault, type SoapFault } from './soap-fault.ts';

/** An answer nested deeper than this is refused. A person's record needs about ten levels. */
const maxDepth = 64;

export interface SoapClientOptions {
  /** The WSDL, a file beside `client.ts`: `new URL('./x.wsdl', import.meta.url)`. Never fetched. */
  wsdl: URL;
  /** Where the vendor's service answers; the address in the WSDL is ignored. */
  endpoint: string;
  /** Answers larger than this are refused with `unexpected-answer`. */
  maxBytes: number;
  /** WS-Security UsernameToken with PasswordDigest (OASIS WSS UsernameToken Profile 1.0). */
  usernameToken?: { username: string; password: string };
  /** What a vendor's fault means. `undefined`: the kit decides by the fault code. */
  mapFault(fault: SoapFault): ConnectorError | undefined;
}

export interface SoapCall<T> {
  signal: AbortSignal;
  /** One element for the SOAP header, in the WSDL's target namespace: `{ XacThuc: { MaPhien: '…' } }`. */
  header?: Record<string, Record<string, string>>;
  /** Guards the answer, see `checkAnswer`. */
  check(answer: unknown): T;
}

export interface SoapClient {
  /**
   * One document/literal call (SOAP 1.1). Keys of `input` whose value is undefined are not sent. Throws kit
   * errors only, and none of them carries what the vendor wrote: it may be personal.
   */
  call<T>(operation: string, input: object, call: SoapCall<T>): Promise<T>;
}

/** Whether an XML answer is an envelope to hand on; a status of 400 and more must bring a fault. */
const isEnvelope = ({ status, text }: HttpAnswer): boolean =>
  checkXml(text, maxDepth) === 'Envelope' && (status < 400 || /<(?:[^\s<>:/]+:)?Fault[\s/>]/.test(text));

const post = async (
  url: string,
  body: string,
  headers: Record<string, string>,
  limits: { signal: AbortSignal; maxBytes: number },
): Promise<HttpAnswer> => {
  const answer = await exchange({
    method: 'POST',
    url,
    body,
    headers: { ...headers, accept: 'text/xml' },
    ...limits,
    // SOAP 1.1 §6.2: a fault comes with 500.
    faultStatuses: [500],
  });
  if (/xml/i.test(answer.headers.get('content-type') ?? '') && isEnvelope(answer)) return answer;
  const vendorCode = String(answer.status);
  if (answer.status === 500) throw new ConnectorError('unavailable', 'the app answers 500', { vendorCode });
  throw new ConnectorError('unexpected-answer', 'the answer is no SOAP envelope', { vendorCode });
};

/** The `soap` package's way out, led through the kit's own HTTP exchange. */
const createTransport = (maxBytes: number): IHttpClient => ({
  // The package's types promise an axios answer; it uses only what is given here.
  request: ((url, body, done, headers, options) => {
    post(url, body, headers ?? {}, { signal: options?.signal, maxBytes })
      .then(({ status, text }) => done(null, { status, headers: {} }, text.replace(/^\uFEFF/, '')))
      .catch(error => done(error));
  }) as IHttpClient['request'],
});

/** Fault codes of WS-Security (OASIS WSS SOAP Message Security 1.1 §12): the credentials do not pass. */
const securityFaults = new Set([
  'FailedAuthentication',
  'FailedCheck',
  'InvalidSecurity',
  'InvalidSecurityToken',
  'MessageExpired',
  'SecurityTokenUnavailable',
]);

const toKitError = (error: unknown, mapFault: SoapClientOptions['mapFault']): ConnectorError => {
  if (error instanceof ConnectorError) return error;
  const fault = readFault(error);
  // No `cause`: the package's error holds the whole answer.
  if (fault === undefined) return new ConnectorError('unexpected-answer', 'the answer cannot be understood');
  const mapped = mapFault(fault);
  if (mapped !== undefined) return mapped;
  const options = { vendorCode: fault.code };
  if (securityFaults.has(fault.code))
    return new ConnectorError('unauthorised', 'the app refuses the credentials', options);
  // SOAP 1.1 §4.4.1: `Client.Something` is a finer kind of `Client`.
  return /^Client(\.|$)/.test(fault.code)
    ? new ConnectorError('refused', 'the app refuses the request', options)
    : new ConnectorError('unavailable', 'the app failed', options);
};

/** A client of one SOAP service. The WSDL is read and parsed once, at the first call. */
export const createSoapClient = (options: SoapClientOptions): SoapClient => {
  // The package asks for the header while it writes the envelope, in the same turn as the call.
  let header = '';
  const open = async (): Promise<Client> => {
    const client = await createClientAsync(fileURLToPath(options.wsdl), {
      endpoint: options.endpoint,
      // The package's own cache never forgets; one client per connector needs none.
      disableCache: true,
      httpClient: createTransport(options.maxBytes),
    });
    client.addSoapHeader(() => header);
    if (options.usernameToken)
      client.setSecurity(
        new WSSecurity(options.usernameToken.username, options.usernameToken.password, {
          passwordType: 'PasswordDigest',
          hasTimeStamp: false,
          mustUnderstand: true,
        }),
      );
    return client;
  };
  let opened: Promise<Client> | undefined;
  return {
    async call(operation, input, { signal, header: fields, check }) {
      opened ??= open();
      const client = await opened;
      const namespace = client.wsdl.definitions.$targetNamespace;
      const answer = await new Promise((resolve, reject) => {
        header = fields
          ? client.wsdl.objectToXML(cleanInput(fields), '', 'h', namespace, true, undefined)
          : '';
        client[operation](
          cleanInput(input),
          (error: unknown, result: unknown) =>
            error ? reject(toKitError(error, options.mapFault)) : resolve(result),
          { signal },
        );
      });
      return check(answer);
    },
  };
};
