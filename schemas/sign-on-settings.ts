import { type Static, Type } from 'typebox';

const whole = (fallback: number, minimum: number, maximum: number, description: string) =>
  Type.Integer({ default: fallback, minimum, maximum, description });

/**
 * Rules of the sign-on that the IT centre may set, in a JSON file named by `LIENTHONG_SIGN_ON`. The defaults follow
 * QCVN 12:2026/BCA (Circular 47/2026/TT-BCA), the strictest list in force; OWASP's minimum for argon2id.
 */
export const SignOnSettings = Type.Object(
  {
    sessionIdleMinutes: whole(120, 5, 1440, 'A session that opens nothing for so long ends'),
    sessionHours: whole(12, 1, 168, 'A session ends after so long, however busy it is'),
    passwordMinLength: whole(8, 8, 64, 'Characters'),
    passwordMixed: Type.Boolean({
      default: true,
      description: 'Lower case, upper case, a digit and another character must all be there',
    }),
    passwordHistory: whole(10, 0, 24, 'So many earlier passwords are not taken again'),
    adminPasswordDays: whole(60, 0, 365, 'People with a role change theirs after so long; 0: never'),
    failuresBeforeLock: whole(5, 3, 20, 'Wrong passwords for one account from one network'),
    lockMinutes: whole(720, 1, 1440, 'For so long that account is refused from that network'),
    idleDays: whole(
      45,
      0,
      365,
      'An account that nobody signs in to for so long must be activated again; 0: never',
    ),
    activationHours: whole(72, 1, 336, 'An activation link or code is good for so long'),
    argon2MemoryKiB: whole(19_456, 7168, 1_048_576, 'Memory of one hash'),
    argon2Passes: whole(2, 1, 10, 'Passes of one hash'),
    argon2Lanes: whole(1, 1, 16, 'Lanes of one hash, side by side as far as there are cores'),
    wanNetworks: Type.Array(Type.String(), {
      default: ['127.0.0.0/8', '::1/128', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
      description: "The province's own networks: who comes from elsewhere comes from the Internet",
    }),
    internetProxies: Type.Array(Type.String(), {
      default: [],
      description: 'Proxies that bring people from the Internet, whatever addresses they name',
    }),
  },
  { additionalProperties: false },
);
export type SignOnSettings = Static<typeof SignOnSettings>;
