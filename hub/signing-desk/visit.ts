import { AppError } from '#hub/platform/errors.ts';
import type { Reply, Route, RouteRequest } from '#hub/platform/http/route.ts';
import { createCsrf } from '#hub/platform/pages/csrf.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { answerError, seeOther } from '#hub/signing-desk/answer-page.ts';
import { type Form, readForm, takesForm } from '#hub/signing-desk/form.ts';
import type { BrowserPerson } from '#schemas/commands/sso.ts';

/** A request of somebody who is signed in. */
export interface Visit {
  person: BrowserPerson;
  request: RouteRequest;
  /** Into every form. */
  csrf: string;
}
/** The same with the form that they sent. */
export type Sending = Visit & { form: Form };

type Described = Pick<Route, 'path' | 'summary' | 'params'>;

/** Where the sign-on takes a browser that it then sends back to a page of ours. */
const signIn = (to: string): string => `/sso/my/open?${new URLSearchParams({ to })}`;

/** The same, with a fresh second factor. */
export const proveAgain = (to: string): string =>
  `/sso/my/open?${new URLSearchParams({ to, factor: 'fresh' })}`;

/**
 * Makes the routes of pages: the session is looked at for every request, and a form counts only when we drew it for that
 * very session. Who is not signed in is sent to do so, and comes back to the page.
 */
export const createPages = ({ call, secrets }: Pick<PartContext, 'call' | 'secrets'>) => {
  const csrf = createCsrf(secrets, 'signing-desk-csrf');
  const common = { scope: 'public', tag: 'signing-desk', renderError: answerError } as const;
  const visit = async (request: RouteRequest): Promise<Visit | undefined> => {
    const { headers, address, cameFrom } = request;
    const person = await call('sso.browser-session', {
      cookie: String(headers.cookie ?? ''),
      from: { ...cameFrom, address },
    });
    return person && { person, request, csrf: csrf.tokenFor(person.sessionId) };
  };
  const pathOf = ({ path }: Described, { params, query }: RouteRequest): string => {
    const asked = new URLSearchParams(query).toString();
    return path.replace(/\{(\w+)\}/g, (_, name) => params[name]!) + (asked === '' ? '' : `?${asked}`);
  };
  return {
    /** A page. */
    show: (described: Described, handle: (visit: Visit) => Promise<Reply>): Route => ({
      ...common,
      ...described,
      method: 'GET',
      async handle(request) {
        const visitor = await visit(request);
        return visitor === undefined ? seeOther(signIn(pathOf(described, request))) : handle(visitor);
      },
    }),
    /** What a form does. It answers with the way to a page. `from`: where somebody begins again who is signed out meanwhile. */
    take: (described: Described & { from?: string }, handle: (sending: Sending) => Promise<Reply>): Route => {
      const { from = '/signing', ...rest } = described;
      return {
        ...common,
        ...takesForm,
        ...rest,
        method: 'POST',
        async handle(request) {
          const visitor = await visit(request);
          if (visitor === undefined) return seeOther(signIn(from));
          const form = await readForm(request);
          if (!csrf.matches(visitor.person.sessionId, form.value('csrf')))
            throw new AppError('invalid-request');
          return handle({ ...visitor, form });
        },
      };
    },
  };
};
export type Pages = ReturnType<typeof createPages>;
