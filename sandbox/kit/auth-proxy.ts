import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the hub tells of a person, in the place of whatever a client sends under these names. */
const identity = ['x-auth-staff-id', 'x-auth-user', 'x-auth-name', 'x-auth-unit', 'x-auth-jwt'];
const wayIn = '/.lienthong/';

/** Sends a request on and gives the answer, its body unread. */
const ask = (
  url: string,
  method: string,
  headers: IncomingHttpHeaders,
  body?: IncomingMessage,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const request = send(url, { method, headers }).once('response', resolve).once('error', reject);
    if (body === undefined) request.end();
    else body.pipe(request);
  });

const pass = (answer: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.pipe(response);
};

/**
 * Plays the nginx that stands before an app in life (deploy/forward-auth/nginx.conf): asks the hub about each request, hands
 * the way in to it, and tells the app who it is.
 */
export const startAuthProxy = async (given: { appOrigin: string; hubOrigin: string; port?: number }) => {
  const { appOrigin, hubOrigin } = given;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { url = '/', method = 'GET' } = request;
    const headers: IncomingHttpHeaders = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !/^x-(auth|original|forwarded)-/.test(name)),
    );
    const told = {
      ...headers,
      'x-original-url': `http://${headers.host}${url}`,
      'x-original-method': method,
      'x-forwarded-for': request.socket.remoteAddress,
      host: new URL(hubOrigin).host,
    };
    if (url.startsWith(wayIn)) {
      const address = `${hubOrigin}/forward-auth/app/${url.slice(wayIn.length)}`;
      return pass(await ask(address, method, told, request), response);
    }
    const { 'content-length': _length, 'transfer-encoding': _encoding, ...question } = told;
    const answer = await ask(`${hubOrigin}/forward-auth`, 'GET', question);
    answer.resume();
    if (answer.statusCode !== 200) {
      const signIn = answer.headers['x-auth-sign-in'];
      if (signIn === undefined) response.writeHead(answer.statusCode ?? 502);
      else response.writeHead(302, { location: String(signIn) });
      response.end();
      return;
    }
    const person = Object.fromEntries(identity.map(name => [name, answer.headers[name] ?? '']));
    pass(await ask(appOrigin + url, method, { ...headers, ...person }, request), response);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(given.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    /** Where people see the app. */
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
};
