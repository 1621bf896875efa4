import koffi, { type TypeObject } from 'koffi';

/**
 * The functions of PKCS#11 (OASIS PKCS #11 v2.40) that keys and signatures need, of one module. Layouts are those of
 * Linux: CK_ULONG has eight bytes, structures are aligned.
 */

type TypeSpec = string | TypeObject | ReturnType<typeof koffi.inout>;
const ulong = 'unsigned long';
const mechanism = koffi.struct('CK_MECHANISM', { type: ulong, parameter: 'void *', length: ulong });
const attribute = koffi.struct('CK_ATTRIBUTE', { type: ulong, value: 'void *', length: ulong });
const initialize = koffi.struct('CK_C_INITIALIZE_ARGS', {
  createMutex: 'void *',
  destroyMutex: 'void *',
  lockMutex: 'void *',
  unlockMutex: 'void *',
  flags: ulong,
  reserved: 'void *',
});

/** Return values that are told apart (§11.1); the rest is told by number. */
const names: Record<number, string> = {
  0: 'CKR_OK',
  5: 'CKR_GENERAL_ERROR',
  48: 'CKR_DEVICE_ERROR',
  50: 'CKR_DEVICE_REMOVED',
  160: 'CKR_PIN_INCORRECT',
  164: 'CKR_PIN_LOCKED',
  179: 'CKR_SESSION_HANDLE_INVALID',
  224: 'CKR_TOKEN_NOT_PRESENT',
  256: 'CKR_USER_ALREADY_LOGGED_IN',
  257: 'CKR_USER_NOT_LOGGED_IN',
  401: 'CKR_CRYPTOKI_ALREADY_INITIALIZED',
};

/** A refusal of the module, by its name in the standard. */
export class CryptokiError extends Error {
  readonly rv: string;
  constructor(call: string, code: number) {
    const rv = names[code] ?? `CKR_0x${code.toString(16)}`;
    super(`${call}: ${rv}`);
    this.rv = rv;
  }
}

export interface Attribute {
  type: number;
  value: Buffer;
}

export const toUlong = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
export const fromUlong = (bytes: Buffer): number => Number(bytes.readBigUInt64LE());

const attributes = (list: Attribute[]) =>
  list.map(({ type, value }) => ({ type, value, length: value.length }));
const plain = (type: number) => ({ type, parameter: null, length: 0 });

/** Loads a module. It is one for the whole process: load it once. */
export const loadCryptoki = (path: string) => {
  const library = koffi.load(path);
  const declare = (name: string, args: TypeSpec[]) => {
    const native = library.func(name, ulong, args);
    return (...given: unknown[]): void => {
      const code = Number(native(...given));
      if (code !== 0) throw new CryptokiError(name, code);
    };
  };
  const pointer = (type: TypeSpec) => koffi.pointer(type);
  const C_Initialize = declare('C_Initialize', [pointer(initialize)]);
  const C_GetSlotList = declare('C_GetSlotList', ['uint8_t', 'void *', 'void *']);
  const C_GetTokenInfo = declare('C_GetTokenInfo', [ulong, 'void *']);
  const C_InitToken = declare('C_InitToken', [ulong, 'void *', ulong, 'void *']);
  const C_InitPIN = declare('C_InitPIN', [ulong, 'void *', ulong]);
  const C_OpenSession = declare('C_OpenSession', [ulong, ulong, 'void *', 'void *', 'void *']);
  const C_CloseSession = declare('C_CloseSession', [ulong]);
  const C_Login = declare('C_Login', [ulong, ulong, 'void *', ulong]);
  const C_Logout = declare('C_Logout', [ulong]);
  const C_GenerateKeyPair = declare('C_GenerateKeyPair', [
    ...[ulong, pointer(mechanism), pointer(attribute), ulong, pointer(attribute), ulong],
    ...['void *', 'void *'],
  ]);
  const C_FindObjectsInit = declare('C_FindObjectsInit', [ulong, pointer(attribute), ulong]);
  const C_FindObjects = declare('C_FindObjects', [ulong, 'void *', ulong, 'void *']);
  const C_FindObjectsFinal = declare('C_FindObjectsFinal', [ulong]);
  const C_GetAttributeValue = declare('C_GetAttributeValue', [
    ulong,
    ulong,
    koffi.inout(pointer(attribute)),
    ulong,
  ]);
  const C_DestroyObject = declare('C_DestroyObject', [ulong, ulong]);
  const C_SignInit = declare('C_SignInit', [ulong, pointer(mechanism), ulong]);
  const sign = library.func('C_Sign', ulong, [ulong, 'void *', ulong, 'void *', 'void *']);

  return {
    /** With locks of the operating system: several of our calls may be under way. */
    initialize(): void {
      try {
        C_Initialize({
          createMutex: null,
          destroyMutex: null,
          lockMutex: null,
          unlockMutex: null,
          flags: 2,
          reserved: null,
        });
      } catch (error) {
        if ((error as CryptokiError).rv !== 'CKR_CRYPTOKI_ALREADY_INITIALIZED') throw error;
      }
    },
    slots(): number[] {
      const count = Buffer.alloc(8);
      C_GetSlotList(1, null, count);
      const list = Buffer.alloc(8 * fromUlong(count));
      if (list.length > 0) C_GetSlotList(1, list, count);
      return Array.from({ length: fromUlong(count) }, (_, at) => fromUlong(list.subarray(at * 8)));
    },
    tokenLabel(slot: number): string {
      // CK_TOKEN_INFO begins with the label, 32 bytes, padded with blanks.
      const info = Buffer.alloc(512);
      C_GetTokenInfo(slot, info);
      return info.subarray(0, 32).toString('utf8').trim();
    },
    /** Makes a token of an empty slot, with one PIN for officer and user. */
    makeToken(slot: number, label: string, pin: string): void {
      const secret = Buffer.from(pin);
      C_InitToken(slot, secret, secret.length, Buffer.from(label.padEnd(32).slice(0, 32)));
    },
    setUserPin(session: number, pin: string): void {
      C_InitPIN(session, Buffer.from(pin), Buffer.byteLength(pin));
    },
    openSession(slot: number): number {
      const handle = Buffer.alloc(8);
      C_OpenSession(slot, 6, null, null, handle);
      return fromUlong(handle);
    },
    closeSession: (session: number): void => C_CloseSession(session),
    /** `officer` sets up a token; `user` signs. Holds for all sessions of the process. */
    logIn(session: number, who: 'officer' | 'user', pin: string): void {
      try {
        C_Login(session, who === 'officer' ? 0 : 1, Buffer.from(pin), Buffer.byteLength(pin));
      } catch (error) {
        if ((error as CryptokiError).rv !== 'CKR_USER_ALREADY_LOGGED_IN') throw error;
      }
    },
    logOut: (session: number): void => C_Logout(session),
    generateKeyPair(
      session: number,
      type: number,
      open: Attribute[],
      secret: Attribute[],
    ): { open: number; secret: number } {
      const [first, second] = [Buffer.alloc(8), Buffer.alloc(8)];
      C_GenerateKeyPair(
        session,
        plain(type),
        attributes(open),
        open.length,
        attributes(secret),
        secret.length,
        first,
        second,
      );
      return { open: fromUlong(first), secret: fromUlong(second) };
    },
    find(session: number, template: Attribute[]): number | undefined {
      C_FindObjectsInit(session, attributes(template), template.length);
      const [handle, count] = [Buffer.alloc(8), Buffer.alloc(8)];
      C_FindObjects(session, handle, 1, count);
      C_FindObjectsFinal(session);
      return fromUlong(count) === 0 ? undefined : fromUlong(handle);
    },
    read(session: number, object: number, type: number): Buffer {
      const value = Buffer.alloc(1024);
      const asked = [{ type, value, length: value.length }];
      C_GetAttributeValue(session, object, asked, 1);
      return value.subarray(0, Number(asked[0]!.length));
    },
    destroy: (session: number, object: number): void => C_DestroyObject(session, object),
    /** Off this thread: one operation a session at a time. */
    async sign(session: number, type: number, key: number, data: Buffer): Promise<Buffer> {
      C_SignInit(session, plain(type), key);
      const [signature, length] = [Buffer.alloc(1024), toUlong(1024)];
      const code = await new Promise<number>((resolve, reject) =>
        sign.async(
          session,
          data,
          data.length,
          signature,
          length,
          (error: Error | null, rv: number | bigint) => (error ? reject(error) : resolve(Number(rv))),
        ),
      );
      if (code !== 0) throw new CryptokiError('C_Sign', code);
      return signature.subarray(0, fromUlong(length));
    },
  };
};
export type Cryptoki = ReturnType<typeof loadCryptoki>;
