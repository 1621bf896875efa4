import { createToken, type Token, type TokenOptions } from '#hub/key-service/pkcs11/token.ts';
import type { KeyAlgorithm } from '#schemas/signer.ts';

/** What is asked of the process that holds the token. */
export type TokenOrder =
  | { op: 'open'; options: TokenOptions }
  | { op: 'generate'; key: string; algorithm: KeyAlgorithm }
  | { op: 'sign'; key: string; hashes: Uint8Array[] }
  | { op: 'destroy'; key: string };

// A vendor's library may crash or hang: it does so here, away from the hub.
let token: Token | undefined;

const obey = async (order: TokenOrder): Promise<unknown> => {
  if (order.op === 'open') {
    token ??= createToken(order.options);
    return undefined;
  }
  if (order.op === 'generate') return token!.generate(order.key, order.algorithm);
  if (order.op === 'destroy') return token!.destroy(order.key);
  return token!.sign(
    order.key,
    order.hashes.map(hash => Buffer.from(hash)),
  );
};

process.on('message', ({ id, order }: { id: number; order: TokenOrder }) => {
  obey(order).then(
    answer => process.send!({ id, answer }),
    (error: Error & { rv?: string }) =>
      process.send!({ id, error: { message: error.message, ...(error.rv ? { reason: error.rv } : {}) } }),
  );
});
process.on('disconnect', () => process.exit(0));
