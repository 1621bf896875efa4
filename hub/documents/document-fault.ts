import { EdxmlError, type EdxmlFault } from '#edxml/edxml-error.ts';
import { AppError } from '#hub/platform/errors.ts';

/** What is wrong with a sound package: it does not fit what is known. Words: `documents.reason.<code>`. */
export type DocumentFaultCode =
  | EdxmlFault
  | 'sender-unknown'
  | 'sender-ours'
  | 'receiver-unknown'
  | 'receiver-closed'
  | 'document-unknown'
  | 'document-differs'
  | 'not-given';

/** Why a document or a status cannot be taken, and where. What came goes to the quarantine; a caller is told. */
export class DocumentFault extends Error {
  readonly code: DocumentFaultCode;
  readonly place: string;

  constructor(code: DocumentFaultCode, place: string) {
    super(`${code} at ${place}`);
    this.name = 'DocumentFault';
    this.code = code;
    this.place = place;
  }
}

/** What is wrong and where, when an error says that what came cannot be taken; undefined: something else failed. */
export const faultOf = (error: unknown): { code: DocumentFaultCode; place: string } | undefined =>
  error instanceof EdxmlError || error instanceof DocumentFault
    ? { code: error.code, place: error.place }
    : undefined;

/** For callers of the API. */
export const toAppError = (error: unknown): unknown => {
  const fault = faultOf(error);
  if (fault === undefined) return error;
  const { code, place } = fault;
  return new AppError('document-refused', { reason: code, place }, { faults: [{ pointer: place, code }] });
};
