import { prefixOf, streamOf } from './stream-names.ts';

/** What an app may do in NATS, and by which users (bcrypt hashes). */
export interface Grant {
  app: string;
  users: { name: string; hash: string }[];
  /** Subjects of notices that it may listen to. */
  notices: string[];
}

/** The user of an app: two names take turns, so that the old one works on while the new one is taken up. */
export const userName = (app: string, slot: 1 | 2): string => (slot === 1 ? app : `${app}.2`);

/** JetStream's API as apps reach it: `$JS.<domain>.API`. In their own account `$JS.API` means their own, which has none. */
export const domain = 'lienthong';

const text = (value: string): string => JSON.stringify(value);
const accountOf = (app: string): string => streamOf(app);

/** What an app asks of its own stream: whether its consumer is there, the next messages, and that it has them. */
const servicesOf = (app: string): [subject: string, to: string][] => {
  const consumer = `${streamOf(app)}.${app}`;
  return [
    ...['INFO', 'MSG.NEXT'].map((verb): [string, string] => [
      `$JS.API.CONSUMER.${verb}.${consumer}`,
      `$JS.${domain}.API.CONSUMER.${verb}.${consumer}`,
    ]),
    [`$JS.ACK.${consumer}.>`, `$JS.ACK.${consumer}.>`],
  ];
};

const render = ({ app, users, notices }: Grant): string =>
  [
    `${text(accountOf(app))} {`,
    `  users: [`,
    ...users.map(({ name, hash }) => `    { user: ${text(name)}, password: ${text(hash)} }`),
    `  ]`,
    `  imports: [`,
    ...servicesOf(app).map(
      ([subject, to]) =>
        `    { service: { account: LIENTHONG, subject: ${text(subject)} }, to: ${text(to)} }`,
    ),
    ...notices.map(subject => `    { stream: { account: LIENTHONG, subject: ${text(subject)} } }`),
    `  ]`,
    `}`,
  ].join('\n');

/** The file that NATS servers include: an account for each app (see `accountSettings`). Pure, and stable for the same grants. */
export const renderUsers = (grants: readonly Grant[]): string =>
  [
    '# Written by the hub, which writes over whatever else stands here.',
    ...grants.toSorted((a, b) => (a.app < b.app ? -1 : 1)).map(render),
    '',
  ].join('\n');

/** What a client of the app is told to use. */
export const ownSubjects = (app: string): string => `${prefixOf(app)}.>`;
