import { randomUUID } from 'node:crypto';
import { openJournal } from '#sandbox/kit/journal.ts';
import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';
import type { ReceivedMail } from './read-mail.ts';

/** A mailbox as the stand-in keeps it: attribute values by their LDAP names. */
export interface Mailbox {
  id: string;
  /** The address, lower case. */
  name: string;
  aliases: string[];
  attributes: Record<string, string[]>;
}
type Change = { mailbox: Mailbox } | { mail: ReceivedMail };

/** How many received mails are kept, newest last. */
const keptMails = 10_000;

const attributesOf = (account: SandboxAccount): Record<string, string[]> => {
  const words = account.name.split(' ');
  const all = {
    displayName: account.name,
    sn: words.slice(0, -1).join(' ') || account.name,
    givenName: words.length > 1 ? words.at(-1) : undefined,
    employeeNumber: account.code,
    telephoneNumber: account.phone,
    departmentNumber: account.unitCode,
    ou: account.unitName,
    title: account.title,
    zimbraAccountStatus: account.enabled ? 'active' : 'closed',
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value ? [[name, [value]] as const] : [])),
  );
};

/** All mailboxes of one domain and the mails that arrived, kept across restarts when there is a journal. */
export const openMailboxes = (start: {
  accounts: SandboxAccount[];
  domain: string;
  journalFile?: string | undefined;
}) => {
  const byId = new Map<string, Mailbox>();
  /** Addresses and aliases. */
  const byAddress = new Map<string, Mailbox>();
  const byCode = new Map<string, Set<Mailbox>>();
  const mails: ReceivedMail[] = [];
  let sorted: Mailbox[] | undefined;

  const codeOf = (mailbox: Mailbox): string => mailbox.attributes.employeeNumber?.[0] ?? '';
  const put = (mailbox: Mailbox): void => {
    const before = byId.get(mailbox.id);
    if (before !== undefined) {
      for (const address of [before.name, ...before.aliases]) byAddress.delete(address);
      byCode.get(codeOf(before))?.delete(before);
    }
    byId.set(mailbox.id, mailbox);
    for (const address of [mailbox.name, ...mailbox.aliases]) byAddress.set(address, mailbox);
    const sameCode = byCode.get(codeOf(mailbox)) ?? new Set();
    byCode.set(codeOf(mailbox), sameCode.add(mailbox));
    sorted = undefined;
  };
  const keep = (mail: ReceivedMail): void => {
    mails.push(mail);
    if (mails.length > keptMails) mails.shift();
  };

  for (const account of start.accounts)
    put({
      id: account.externalId,
      name: `${account.username}@${start.domain}`.toLowerCase(),
      aliases: [],
      attributes: attributesOf(account),
    });
  const record = openJournal<Change>(start.journalFile, change =>
    'mailbox' in change ? put(change.mailbox) : keep(change.mail),
  );
  const save = (mailbox: Mailbox): Mailbox => {
    put(mailbox);
    record({ mailbox });
    return mailbox;
  };

  return {
    domain: start.domain,
    byId: (id: string) => byId.get(id),
    byAddress: (address: string) => byAddress.get(address.toLowerCase()),
    byCode: (code: string): Mailbox[] => [...(byCode.get(code) ?? [])],
    /** By address, ascending. */
    all: (): Mailbox[] => {
      sorted ??= [...byId.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      return sorted;
    },
    create: (name: string, attributes: Record<string, string[]>): Mailbox =>
      save({ id: randomUUID(), name: name.toLowerCase(), aliases: [], attributes }),
    /** Every change makes a new object: indexes are kept by the old one. */
    save,
    receive(mail: ReceivedMail) {
      keep(mail);
      record({ mail });
    },
    mails: (): ReceivedMail[] => mails,
  };
};
export type Mailboxes = ReturnType<typeof openMailboxes>;
