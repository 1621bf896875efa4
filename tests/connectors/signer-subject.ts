import type { SignerSubject } from '#connectors/kit/contract/signer-contract.ts';
import type { ConnectorInstance } from '#connectors/kit/define-connector.ts';
import type { StartedForContract } from '#sandbox/kit/started-for-contract.ts';

/** A signing service that is played, its connector, and the holder's thumb, for the contract and for specs. */
export const signerSubject = (instance: ConnectorInstance, started: StartedForContract): SignerSubject => {
  const port = instance.ports.signer!;
  const context = () => ({ signal: AbortSignal.timeout(20_000) });
  const { userId, pin, otp, asked } = started.signer!;
  return {
    signer: {
      certificates: holder => port.certificates(holder, context()),
      authorise: request => port.authorise(request, context()),
      sign: request => port.sign(request, context()),
      status: request => port.status(request, context()),
      cancel: request => port.cancel(request, context()),
    },
    userId,
    given: { ...(pin === undefined ? {} : { pin }), ...(otp === undefined ? {} : { otp }) },
    asked,
    async decide(decision) {
      const body = JSON.stringify({ decision });
      await (await fetch(`${started.app.origin}/_confirm`, { method: 'POST', body })).text();
    },
  };
};
