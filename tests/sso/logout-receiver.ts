import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';

/** An app's back-channel logout address, on a socket of its own. */
export interface LogoutReceiver {
  uri: string;
  /** What came, checked as OpenID Connect Back-Channel Logout 1.0 §2.6 says. */
  taken: JWTPayload[];
  /** Those of them that mean all sessions of a person: without `sid`. */
  forAll: JWTPayload[];
  /** How it answers: a status, or never. */
  answer: number | 'never';
  /** Requests that wait for an answer that does not come. */
  hanging: number;
  stop(): Promise<void>;
}

const readToken = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text).get('logout_token') ?? '';
};

/** Verifies with the keys that the sign-on publishes; what does not verify is answered 400 and not taken. */
export const startLogoutReceiver = async (
  origin: string,
  { answer = 200 }: { answer?: number | 'never' } = {},
): Promise<LogoutReceiver> => {
  const keys = createRemoteJWKSet(new URL(`${origin}/sso/jwks`));
  const receiver = { uri: '', taken: [] as JWTPayload[], forAll: [] as JWTPayload[], answer, hanging: 0 };
  const server = createServer(async (request, response) => {
    const token = await readToken(request);
    if (receiver.answer === 'never') {
      receiver.hanging += 1;
      return;
    }
    if (receiver.answer === 200) {
      const checked = await jwtVerify(token, keys, {
        issuer: `${origin}/sso`,
        typ: 'logout+jwt',
        requiredClaims: ['iat', 'exp', 'jti', 'sub', 'aud', 'events'],
      }).catch(() => undefined);
      const fine = checked !== undefined && checked.payload.nonce === undefined;
      if (fine) receiver.taken.push(checked.payload);
      if (fine && checked.payload.sid === undefined) receiver.forAll.push(checked.payload);
      response.writeHead(fine ? 200 : 400).end();
      return;
    }
    response.writeHead(receiver.answer, { location: `${receiver.uri}elsewhere` }).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  receiver.uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/logout`;
  return Object.assign(receiver, {
    stop: () =>
      new Promise<void>(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
};
