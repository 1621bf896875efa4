import { ConnectorError } from './errors.ts';

/** The answer of `work`, or undefined when the app does not know what was asked for. */
export const unlessNotFound = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'not-found') return undefined;
    throw error;
  }
};
