/** A SOAP fault, 1.1 or 1.2, as the app told it. */
export interface SoapFault {
  /** Local part of the fault code: `Client`, `Server`, `FailedAuthentication`, … */
  code: string;
  /** The app's words: may hold names; for the connector's eyes, never for a message. */
  text: string;
  /** What the app put into `detail`, element by local name. */
  detail: Record<string, unknown>;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Text of an element, with or without attributes. */
const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return isObject(value) ? textOf(value.$value) : undefined;
};

const localName = (code: string): string => code.slice(code.lastIndexOf(':') + 1);

/** SOAP 1.2 names the guilty side otherwise. */
const olderNames: Record<string, string> = { Sender: 'Client', Receiver: 'Server' };

/** The fault inside what the `soap` package throws for one; undefined for anything else. */
export const readFault = (error: unknown): SoapFault | undefined => {
  const root = isObject(error) ? error.root : undefined;
  const envelope = isObject(root) ? root.Envelope : undefined;
  const body = isObject(envelope) ? envelope.Body : undefined;
  const fault = isObject(body) ? body.Fault : undefined;
  if (!isObject(fault)) return undefined;
  const outer = isObject(fault.Code) ? fault.Code : {};
  const inner = isObject(outer.Subcode) ? outer.Subcode : {};
  const code = localName(textOf(fault.faultcode) ?? textOf(inner.Value) ?? textOf(outer.Value) ?? 'Server');
  const reason = isObject(fault.Reason) ? textOf(fault.Reason.Text) : undefined;
  const detail = fault.detail ?? fault.Detail;
  return {
    code: olderNames[code] ?? code,
    text: textOf(fault.faultstring) ?? reason ?? '',
    detail: isObject(detail) ? detail : {},
  };
};

/** The text at a path inside the fault's detail, or undefined. */
export const detailText = (fault: SoapFault, ...path: string[]): string | undefined => {
  let at: unknown = fault.detail;
  for (const name of path) at = isObject(at) ? at[name] : undefined;
  return textOf(at);
};
