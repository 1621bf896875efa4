import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A sign-on that says it is itself, and sends people and codes to another one. */
export const startRogue = async (realIssuer: string): Promise<{ issuer: string; stop(): Promise<void> }> => {
  const real = (await (await fetch(`${realIssuer}/.well-known/openid-configuration`)).json()) as object;
  const server = createServer((request, response) => {
    const issuer = `http://${request.headers.host}`;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...real, issuer, authorization_response_iss_parameter_supported: false }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
