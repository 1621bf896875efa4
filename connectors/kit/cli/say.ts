import en from '#messages/connector-cli.en.json' with { type: 'json' };
import vi from '#messages/connector-cli.vi.json' with { type: 'json' };

export type MessageKey = keyof typeof vi & keyof typeof en;

const fill = (text: string, params: Record<string, string | number>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));

/** A message in Vietnamese and, after a slash, in English. */
export const say = (key: MessageKey, params: Record<string, string | number> = {}): string =>
  `${fill(vi[key], params)} / ${fill(en[key], params)}`;

export const isMessageKey = (key: string): key is MessageKey => Object.hasOwn(vi, key);
