import { createGuard, type Guard } from '#connectors/kit/guard.ts';
import { type LoadedConnector, listConnectors, loadConnector } from '#connectors/kit/load-connector.ts';
import { answerOf, runPort } from '#connectors/kit/run-port.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { InvokeAnswer } from '#schemas/commands/connectors.ts';
import type { ConnectorState } from '#schemas/connector.ts';

interface Running extends LoadedConnector {
  guard: Guard;
  /** What it was made from: an equal text needs no new one. */
  madeFrom: string;
  lastSuccessAt?: string;
  lastErrorAt?: string;
  lastError?: { code: string; message: string };
  /** Its breaker was open at the last call. */
  down?: boolean;
}

/** How long to wait before asking again for settings that could not be had. */
export const retryMs = 1_000;

/** Every connector of this node that has settings, made anew when its settings change. */
export const createFleet = ({ call, log }: PartContext) => {
  const running = new Map<string, Running>();
  let closed = false;
  let refreshing: Promise<boolean> | undefined;
  let again = false;

  const load = async (id: string): Promise<void> => {
    const wanted = await call('apps.connector-settings', { connector: id }).catch(error => {
      if ((error as { code?: string }).code === 'unknown-connector') return undefined;
      throw error;
    });
    const before = running.get(id);
    if (wanted === undefined || !wanted.enabled) {
      running.delete(id);
      await before?.instance.close?.();
      return;
    }
    const madeFrom = JSON.stringify([wanted.settings, wanted.guard]);
    if (before?.madeFrom === madeFrom) return;
    try {
      const loaded = await loadConnector(id, wanted.settings, wanted.guard);
      running.set(id, { ...loaded, guard: createGuard(loaded.guardSettings), madeFrom });
      await before?.instance.close?.();
    } catch (error) {
      // Bad settings: the old connector goes on; the words name the field, never its value.
      log.error({ connector: id, reason: (error as Error).message }, 'connector settings are not usable');
    }
  };

  /** True when every connector's settings could be asked for. */
  const refreshAll = async (): Promise<boolean> => {
    for (;;) {
      again = false;
      try {
        for (const folder of listConnectors()) if (!closed) await load(folder.id);
      } catch (error) {
        log.debug({ error: (error as Error).name }, 'connector settings cannot be had yet');
        if (!closed) setTimeout(() => void refresh(), retryMs).unref();
        return false;
      }
      if (!again || closed) return true;
    }
  };
  const refresh = (): Promise<boolean> => {
    again = true;
    refreshing ??= refreshAll().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  };

  /** Said once for each outage, with what the app answered last. */
  const tellOutage = (id: string, connector: Running, answer: InvokeAnswer): void => {
    const down = connector.guard.state().breaker !== 'closed';
    if (down && connector.down !== true && !answer.ok)
      log.warn(
        { app: id, code: answer.code },
        'the app fails again and again; its calls wait until it answers',
      );
    connector.down = down;
  };

  const note = (connector: Running, answer: InvokeAnswer): void => {
    if (answer.ok) connector.lastSuccessAt = new Date().toISOString();
    else if (answer.skipped !== true) {
      connector.lastErrorAt = new Date().toISOString();
      connector.lastError = { code: answer.code, message: answer.message };
    }
  };

  const absent: InvokeAnswer = {
    ok: false,
    code: 'unavailable',
    message: 'the connector is not set up on this node',
    retryable: true,
    skipped: true,
    retryAfterMs: retryMs,
    durationMs: 0,
  };

  return {
    refresh,
    states: (): ConnectorState[] =>
      [...running.values()].map(({ manifest, guard, ...connector }) => ({
        id: manifest.id,
        name: manifest.name,
        ports: manifest.ports,
        node: '',
        ...guard.state(),
        ...(connector.lastSuccessAt === undefined ? {} : { lastSuccessAt: connector.lastSuccessAt }),
        ...(connector.lastErrorAt === undefined ? {} : { lastErrorAt: connector.lastErrorAt }),
        ...(connector.lastError === undefined ? {} : { lastError: connector.lastError }),
        accountAttributes: manifest.accountAttributes ?? [],
        createsAccounts: manifest.createsAccounts ?? true,
      })),
    async invoke(id: string, port: string, method: string, input: unknown[]): Promise<InvokeAnswer> {
      const connector = running.get(id);
      if (connector === undefined) return absent;
      const answer = await runPort(connector.instance, connector.guard, port, method, input);
      note(connector, answer);
      tellOutage(id, connector, answer);
      return answer;
    },
    async check(id: string) {
      const connector = running.get(id);
      if (connector === undefined) return undefined;
      const pinged = await answerOf(connector.guard, context => connector.instance.ping(context));
      note(connector, pinged);
      const ports = [
        {
          port: 'ping',
          ok: pinged.ok,
          detail: pinged.ok ? `${pinged.durationMs} ms` : `${pinged.code}: ${pinged.message}`,
        },
      ];
      if (pinged.ok && connector.manifest.ports.includes('accounts')) {
        const listed = await runPort(connector.instance, connector.guard, 'accounts', 'list', [{ limit: 1 }]);
        ports.push({
          port: 'accounts',
          ok: listed.ok,
          detail: listed.ok ? `${listed.durationMs} ms` : `${listed.code}: ${listed.message}`,
        });
      }
      return { ok: ports.every(port => port.ok), ports };
    },
    async close(): Promise<void> {
      closed = true;
      await refreshing;
      for (const { instance } of running.values()) await instance.close?.();
      running.clear();
    },
  };
};
