import type { SignerSubject } from '#connectors/kit/contract/signer-contract.ts';
import type { ConnectorInstance } from '#connectors/kit/define-connector.ts';
import { loadConnector } from '#connectors/kit/load-connector.ts';
import type { StartedForContract } from '#sandbox/kit/started-for-contract.ts';
import { recordTraffic, type TrafficRecorder } from '#tests/connectors/record-traffic.ts';
import { signerSubject } from '#tests/connectors/signer-subject.ts';
import { setFault, startSandbox } from '#tests/connectors/start-sandbox.ts';

export interface StartedSigner {
  instance: ConnectorInstance;
  subject: SignerSubject;
  started: StartedForContract;
  /** Every byte that the connector sends goes through here. */
  recorder: TrafficRecorder;
  fault(mode: string): Promise<void>;
  stop(): Promise<void>;
}

/** A signing service of the sandbox and its connector, with a recorder between them. */
export const startSigner = async (
  id: string,
  start: () => Promise<StartedForContract> = () => startSandbox(id),
  settings: Record<string, unknown> = {},
): Promise<StartedSigner> => {
  const started = await start();
  const recorder = await recordTraffic(started.app.origin);
  const recorded = JSON.stringify({ ...started.settings, ...settings }).replaceAll(
    started.app.origin,
    recorder.origin,
  );
  const { instance } = await loadConnector(id, JSON.parse(recorded));
  return {
    instance,
    subject: signerSubject(instance, started),
    started,
    recorder,
    fault: mode => setFault(started.app.origin, { mode }),
    async stop() {
      await instance.close?.();
      await recorder.stop();
      await started.app.stop();
    },
  };
};
