import { Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import { ConnectorError, type ConnectorErrorCode } from '#connectors/kit/errors.ts';

const Text = Type.Object({ '#text': Type.String() });
const readFault = checkAnswer(
  Type.Object({
    Code: Type.Optional(Type.Object({ Value: Text })),
    Detail: Type.Optional(Type.Object({ Error: Type.Optional(Type.Object({ Code: Text })) })),
  }),
);

/** Zimbra's codes (AccountServiceException.java, docs/soap.txt) in the kit's words. */
const meanings: Record<string, ConnectorErrorCode> = {
  'account.ACCOUNT_EXISTS': 'conflict',
  'account.ALIAS_EXISTS': 'conflict',
  'account.DISTRIBUTION_LIST_EXISTS': 'conflict',
  'account.NO_SUCH_ACCOUNT': 'not-found',
  'account.AUTH_FAILED': 'unauthorised',
  'account.CHANGE_PASSWORD': 'unauthorised',
  'account.ACCOUNT_INACTIVE': 'unauthorised',
  'account.TWO_FACTOR_SETUP_REQUIRED': 'unauthorised',
  'account.TWO_FACTOR_AUTH_FAILED': 'unauthorised',
  'service.AUTH_EXPIRED': 'unauthorised',
  'service.AUTH_REQUIRED': 'unauthorised',
  'service.PERM_DENIED': 'unauthorised',
  'account.INVALID_ATTR_VALUE': 'refused',
  'account.INVALID_ATTR_NAME': 'refused',
  'account.NO_SUCH_DOMAIN': 'refused',
  'account.TOO_MANY_ACCOUNTS': 'refused',
  'service.INVALID_REQUEST': 'refused',
  'service.UNKNOWN_DOCUMENT': 'refused',
  'account.MAINTENANCE_MODE': 'unavailable',
  'service.FAILURE': 'unavailable',
  'service.TEMPORARILY_UNAVAILABLE': 'unavailable',
  'service.RESOURCE_UNREACHABLE': 'unavailable',
  'service.PROXY_ERROR': 'unavailable',
};

/**
 * A SOAP 1.2 fault as a kit error, Zimbra's code in `vendorCode`. The fault's own text is left out: it
 * names addresses. A code that is not known is the caller's fault (`refused`) or the server's
 * (`unavailable`) as the fault's Sender or Receiver says.
 */
export const mapFault = (fault: unknown): ConnectorError => {
  const { Code, Detail } = readFault(fault);
  const vendorCode = Detail?.Error?.Code['#text'] ?? '';
  const bySide = Code?.Value['#text'].endsWith('Sender') ? 'refused' : 'unavailable';
  const code = Object.hasOwn(meanings, vendorCode) ? meanings[vendorCode]! : bySide;
  return new ConnectorError(code, `the mail server answers with a fault: ${vendorCode || 'no code'}`, {
    vendorCode,
  });
};

/** Whether `error` is Zimbra's fault `code`. */
export const isFault = (error: unknown, ...codes: string[]): boolean =>
  error instanceof ConnectorError && codes.includes(error.vendorCode ?? '');
