import { text } from 'node:stream/consumers';
import type { RouteRequest } from '#hub/platform/http/route.ts';

const formType = 'application/x-www-form-urlencoded';

/** How a route says that it takes a form: three hundred documents with their numbers and dates fit in. */
export const takesForm = { raw: true, contentTypes: [formType], maxBytes: 256 * 1024 };

/** The fields of a form that a browser posted. */
export class Form {
  readonly #fields: URLSearchParams;
  constructor(body: string) {
    this.#fields = new URLSearchParams(body);
  }
  /** One field, without space around it; undefined when it is absent or empty. */
  value(name: string): string | undefined {
    return this.#fields.get(name)?.trim() || undefined;
  }
  /** A field that may be there several times; each value once. */
  values(name: string): string[] {
    return [...new Set(this.#fields.getAll(name))];
  }
}

export const readForm = async ({ stream }: Pick<RouteRequest, 'stream'>): Promise<Form> =>
  new Form(await text(stream));
