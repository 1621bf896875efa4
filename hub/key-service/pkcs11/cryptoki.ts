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

/** Return values by their names (PKCS #11 v2.40, §4 of the header file); vendors' own are told by number. */
const names: Record<number, string> = {
  2: 'CKR_HOST_MEMORY',
  3: 'CKR_SLOT_ID_INVALID',
  5: 'CKR_GENERAL_ERROR',
  6: 'CKR_FUNCTION_FAILED',
  7: 'CKR_ARGUMENTS_BAD',
  16: 'CKR_ATTRIBUTE_READ_ONLY',
  17: 'CKR_ATTRIBUTE_SENSITIVE',
  18: 'CKR_ATTRIBUTE_TYPE_INVALID',
  19: 'CKR_ATTRIBUTE_VALUE_INVALID',
  32: 'CKR_DATA_INVALID',
  33: 'CKR_DATA_LEN_RANGE',
  48: 'CKR_DEVICE_ERROR',
  49: 'CKR_DEVICE_MEMORY',
  50: 'CKR_DEVICE_REMOVED',
  84: 'CKR_FUNCTION_NOT_SUPPORTED',
  96: 'CKR_KEY_HANDLE_INVALID',
  99: 'CKR_KEY_TYPE_INCONSISTENT',
  104: 'CKR_KEY_FUNCTION_NOT_PERMITTED',
  112: 'CKR_MECHANISM_INVALID',
  113: 'CKR_MECHANISM_PARAM_INVALID',
  130: 'CKR_OBJECT_HANDLE_INVALID',
  144: 'CKR_OPERATION_ACTIVE',
  145: 'CKR_OPERATION_NOT_INITIALIZED',
  160: 'CKR_PIN_INCORRECT',
  161: 'CKR_PIN_INVALID',
  162: 'CKR_PIN_LEN_RANGE',
  163: 'CKR_PIN_EXPIRED',
  164: 'CKR_PIN_LOCKED',
  176: 'CKR_SESSION_CLOSED',
  177: 'CKR_SESSION_COUNT',
  179: 'CKR_SESSION_HANDLE_INVALID',
  181: 'CKR_SESSION_READ_ONLY',
  208: 'CKR_TEMPLATE_INCOMPLETE',
  209: 'CKR_TEMPLATE_INCONSISTENT',
  224: 'CKR_TOKEN_NOT_PRESENT',
  225: 'CKR_TOKEN_NOT_RECOGNIZED',
  226: 'CKR_TOKEN_WRITE_PROTECTED',
  256: 'CKR_USER_ALREADY_LOGGED_IN',
  257: 'CKR_USER_NOT_LOGGED_IN',
  258: 'CKR_USER_PIN_NOT_INITIALIZED',
  336: 'CKR_BUFFER_TOO_SMALL',
  400: 'CKR_CRYPTOKI_NOT_INITIALIZED',
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
  /** Off this thread; buffers among the arguments are the caller's to keep until then. */
  const declareAsync = (name: string, args: TypeSpec[]) => {
    const native = library.func(name, ulong, args);
    return async (...given: unknown[]): Promise<void> => {
      const code = await new Promise<number>((resolve, reject) =>
        native.async(...given, (error: Error | null, rv: number | bigint) => {
          // Named here, so that nothing given is freed while the module still reads or writes it.
          void given.length;
          if (error) reject(error);
          else resolve(Number(rv));
        }),
      );
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
  const C_GenerateKeyPair = declareAsync('C_GenerateKeyPair', [
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
  const C_Sign = declareAsync('C_Sign', [ulong, 'void *', ulong, 'void *', 'void *']);

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
    /** Off this thread: a large key takes a module its time. Answers the handle of the public half. */
    async generateKeyPair(
      session: number,
      type: number,
      open: Attribute[],
      secret: Attribute[],
    ): Promise<number> {
      const [first, second] = [Buffer.alloc(8), Buffer.alloc(8)];
      await C_GenerateKeyPair(
        session,
        plain(type),
        attributes(open),
        open.length,
        attributes(secret),
        secret.length,
        first,
        second,
      );
      return fromUlong(first);
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
      await C_Sign(session, data, data.length, signature, length);
      return signature.subarray(0, fromUlong(length));
    },
  };
};
export type Cryptoki = ReturnType<typeof loadCryptoki>;
