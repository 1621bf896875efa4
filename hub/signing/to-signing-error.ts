import { AppError } from '#hub/platform/errors.ts';
import { type FaultCode, SignatureFault } from '#signature/fault.ts';

/** A fault of a file or certificate in the hub's words, with its place. */
export const toSigningError = (fault: { code: FaultCode; place?: string | undefined }): AppError =>
  new AppError(
    fault.code,
    { place: fault.place ?? '' },
    { faults: [{ code: fault.code, ...(fault.place === undefined ? {} : { detail: fault.place }) }] },
  );

/** Runs work on a signature; its faults come out as `AppError`s. */
export const inOurWords = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw error instanceof SignatureFault ? toSigningError(error) : error;
  }
};

/** The same for work that takes its time. */
export const laterInOurWords = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw error instanceof SignatureFault ? toSigningError(error) : error;
  }
};
