/**
 * The provider's way out, only for addresses that a client's registration names (back-channel logout): apps sit on
 * private networks, which the library refuses of itself.
 */
export const fetchRegistered = (url: string | URL | Request, options?: RequestInit): Promise<Response> => {
  const { dispatcher: _refusesPrivate, ...rest } = (options ?? {}) as RequestInit & { dispatcher?: unknown };
  return fetch(url, { ...rest, redirect: 'manual' });
};
