import type Provider from 'oidc-provider';
import type { ProviderKeys } from '#sso/keys/provider-keys.ts';
import { createProvider, type ProviderDeps } from '#sso/provider/create-provider.ts';

/** The provider with the keys that are in use now: a change of keys makes a new one, requests under way end on theirs. */
export const createRunningProvider = (deps: ProviderDeps, keys: ProviderKeys): (() => Promise<Provider>) => {
  let running: { id: string; provider: Provider } | undefined;
  return async () => {
    const keyset = await keys.inUse();
    if (running?.id !== keyset.id) running = { id: keyset.id, provider: createProvider(deps, keyset) };
    return running.provider;
  };
};
