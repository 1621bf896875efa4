import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AppSignOn } from '#schemas/sign-on.ts';
import type { Browse } from '#tests/sso/browse.ts';
import type { Person, SignOn } from '#tests/sso/start-sign-on.ts';

/** What an app heard of the hub. */
export interface Heard {
  method: string;
  path: string;
  query: URLSearchParams;
  form: URLSearchParams;
}

export interface CasApp {
  id: string;
  origin: string;
  /** Its service address. */
  service: string;
  heard: Heard[];
  /** Answers with this from now on; 200 at first. */
  answerWith(status: number): void;
  /** Asks one of the hub's addresses below `/cas`. */
  ask(path: string, query: Record<string, string>): Promise<{ status: number; text: string; type: string }>;
  stop(): Promise<void>;
}

/** Registers an app that signs people in by CAS, and plays it on a socket of its own. */
export const startCasApp = async (
  signOn: SignOn,
  id: string,
  {
    attributes = ['name', 'username', 'code'],
    more = {},
    services,
  }: {
    attributes?: string[];
    more?: Partial<AppSignOn>;
    /** From the app's origin; its page `/app` when absent. */
    services?: (origin: string) => string[];
  } = {},
): Promise<CasApp> => {
  const heard: Heard[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://app');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    heard.push({
      method: request.method!,
      path: url.pathname,
      query: url.searchParams,
      form: new URLSearchParams(Buffer.concat(chunks).toString()),
    });
    response.writeHead(status).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const service = `${origin}/app`;
  await signOn.app(id, {
    attributes,
    signOn: { cas: { services: services?.(origin) ?? [service] }, ...more },
  });
  return {
    id,
    origin,
    service,
    heard,
    answerWith(next) {
      status = next;
    },
    async ask(path, query) {
      const answer = await fetch(`${signOn.origin}/cas/${path}?${new URLSearchParams(query)}`, {
        redirect: 'manual',
      });
      const type = answer.headers.get('content-type') ?? '';
      return { status: answer.status, text: await answer.text(), type };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
};

/** The address by which an app sends people to sign in. */
export const loginUrl = (signOn: SignOn, service: string, more: Record<string, string> = {}): string =>
  `${signOn.origin}/cas/login?${new URLSearchParams({ service, ...more })}`;

/** Goes through the sign-in with a new browser, or straight through with one that has a session; answers the ticket. */
export const getTicket = async (
  signOn: SignOn,
  browse: Browse,
  person: Person,
  service: string,
  more: Record<string, string> = {},
): Promise<string> => {
  let at = await browse.open(loginUrl(signOn, service, more));
  if (at.status !== 0) {
    const { username, password } = person;
    at = await browse.submit(at, { username, password });
  }
  const ticket = new URL(at.url).searchParams.get('ticket');
  if (ticket === null) throw new Error(`no ticket: ${at.status} ${at.url}\n${at.text}`);
  return ticket;
};
