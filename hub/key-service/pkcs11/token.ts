import type { JsonWebKey } from 'node:crypto';
import {
  type Attribute,
  type Cryptoki,
  CryptokiError,
  loadCryptoki,
  toUlong,
} from '#hub/key-service/pkcs11/cryptoki.ts';
import type { KeyAlgorithm } from '#schemas/signer.ts';

/** Which token, and how it is entered. */
export interface TokenOptions {
  /** The vendor's library. */
  module: string;
  label: string;
  pin: string;
  /** Make the token when it is not there (the sandbox); a real one is made by its own tools. */
  create: boolean;
  /** Signatures at once. */
  sessions: number;
}

const CKA = {
  CLASS: 0x0,
  TOKEN: 0x1,
  PRIVATE: 0x2,
  ID: 0x102,
  SENSITIVE: 0x103,
  DECRYPT: 0x105,
  UNWRAP: 0x107,
  SIGN: 0x108,
  DERIVE: 0x10c,
  VERIFY: 0x10a,
  MODULUS: 0x120,
  MODULUS_BITS: 0x121,
  PUBLIC_EXPONENT: 0x122,
  EXTRACTABLE: 0x162,
  EC_PARAMS: 0x180,
  EC_POINT: 0x181,
} as const;
const CKM = { RSA_GENERATE: 0x0, RSA_SIGN: 0x1, EC_GENERATE: 0x1040, EC_SIGN: 0x1041 } as const;
const yes = Buffer.from([1]);
const no = Buffer.from([0]);
const secretKey: Attribute = { type: CKA.CLASS, value: toUlong(3) };
const p256 = Buffer.from('06082a8648ce3d030107', 'hex');
/** SHA-256 in a DigestInfo (RFC 8017 §9.2, note 1): the token pads and signs it. */
const digestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** Two integers side by side as the DER sequence that X.509 and CMS want (RFC 3279 §2.2.3). */
const toDer = (pair: Buffer): Buffer => {
  const integer = (bytes: Buffer): Buffer => {
    const start = Math.max(
      0,
      bytes.findIndex(byte => byte !== 0),
    );
    const value = bytes[start]! > 0x7f ? Buffer.concat([no, bytes.subarray(start)]) : bytes.subarray(start);
    return Buffer.concat([Buffer.from([2, value.length]), value]);
  };
  const half = pair.length / 2;
  const body = Buffer.concat([integer(pair.subarray(0, half)), integer(pair.subarray(half))]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
};

const openToken = (cryptoki: Cryptoki, { label, pin, create }: TokenOptions): number => {
  cryptoki.initialize();
  const find = (): number | undefined => cryptoki.slots().find(slot => cryptoki.tokenLabel(slot) === label);
  const found = find();
  if (found !== undefined) return found;
  if (!create) throw new CryptokiError('C_GetTokenInfo', 224);
  // SoftHSM offers one slot more than it has tokens, the last.
  cryptoki.makeToken(cryptoki.slots().at(-1)!, label, pin);
  const slot = find()!;
  const session = cryptoki.openSession(slot);
  cryptoki.logIn(session, 'officer', pin);
  cryptoki.setUserPin(session, pin);
  cryptoki.logOut(session);
  cryptoki.closeSession(session);
  return slot;
};

/** The keys of one token. Each session does one thing at a time; who finds none free waits for its turn. */
export const createToken = (options: TokenOptions) => {
  const cryptoki = loadCryptoki(options.module);
  const slot = openToken(cryptoki, options);
  const free = Array.from({ length: options.sessions }, () => cryptoki.openSession(slot));
  cryptoki.logIn(free[0]!, 'user', options.pin);
  const queue: ((session: number) => void)[] = [];
  const keys = new Map<string, { handle: number; mechanism: number }>();

  const withSession = async <T>(work: (session: number) => Promise<T> | T): Promise<T> => {
    const session = free.pop() ?? (await new Promise<number>(resolve => queue.push(resolve)));
    try {
      return await work(session);
    } finally {
      const next = queue.shift();
      if (next === undefined) free.push(session);
      else next(session);
    }
  };
  const id = (key: string): Attribute => ({ type: CKA.ID, value: Buffer.from(key) });

  const findKey = (session: number, key: string): { handle: number; mechanism: number } | undefined => {
    const known = keys.get(key);
    if (known !== undefined) return known;
    const handle = cryptoki.find(session, [secretKey, id(key)]);
    if (handle === undefined) return undefined;
    const type = cryptoki.read(session, handle, 0x100).readUInt8();
    const found = { handle, mechanism: type === 0 ? CKM.RSA_SIGN : CKM.EC_SIGN };
    keys.set(key, found);
    return found;
  };

  return {
    /** Makes a key that signs and does nothing else, and never leaves the token. Answers its public half as a JWK (RFC 7517). */
    generate: (key: string, algorithm: KeyAlgorithm): Promise<JsonWebKey> =>
      withSession(async session => {
        const isRsa = algorithm !== 'ec-p256';
        const made = await cryptoki.generateKeyPair(
          session,
          isRsa ? CKM.RSA_GENERATE : CKM.EC_GENERATE,
          [
            id(key),
            { type: CKA.TOKEN, value: yes },
            { type: CKA.VERIFY, value: yes },
            ...(isRsa
              ? [
                  { type: CKA.MODULUS_BITS, value: toUlong(algorithm === 'rsa-2048' ? 2048 : 3072) },
                  { type: CKA.PUBLIC_EXPONENT, value: Buffer.from([1, 0, 1]) },
                ]
              : [{ type: CKA.EC_PARAMS, value: p256 }]),
          ],
          [
            id(key),
            ...[CKA.TOKEN, CKA.PRIVATE, CKA.SENSITIVE, CKA.SIGN].map(type => ({ type, value: yes })),
            ...[CKA.EXTRACTABLE, CKA.DECRYPT, CKA.UNWRAP, CKA.DERIVE].map(type => ({
              type,
              value: no,
            })),
          ],
        );
        if (isRsa) {
          const modulus = cryptoki.read(session, made, CKA.MODULUS);
          return { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' };
        }
        // An OCTET STRING around 04 || x || y.
        const point = cryptoki.read(session, made, CKA.EC_POINT).subarray(-64);
        const [x, y] = [point.subarray(0, 32), point.subarray(32)].map(half => half.toString('base64url'));
        return { kty: 'EC', crv: 'P-256', x, y };
      }),

    /** Signs SHA-256 hashes in their order. Undefined: there is no such key. */
    async sign(key: string, hashes: Buffer[]): Promise<Buffer[] | undefined> {
      const found = await withSession(session => findKey(session, key));
      if (found === undefined) return undefined;
      return Promise.all(
        hashes.map(hash =>
          withSession(async session =>
            found.mechanism === CKM.RSA_SIGN
              ? cryptoki.sign(session, found.mechanism, found.handle, Buffer.concat([digestInfo, hash]))
              : toDer(await cryptoki.sign(session, found.mechanism, found.handle, hash)),
          ),
        ),
      );
    },

    /** Removes the private key: it signs nothing any more, for ever. */
    destroy: (key: string): Promise<void> =>
      withSession(session => {
        const found = findKey(session, key);
        if (found !== undefined) cryptoki.destroy(session, found.handle);
        keys.delete(key);
      }),
  };
};
export type Token = ReturnType<typeof createToken>;
