import { randomBytes, randomUUID } from 'node:crypto';
import type { AppAnswer, AppRequest, SandboxApp } from '#sandbox/kit/app-server.ts';
import { parseBody } from '#sandbox/kit/parse-body.ts';
import { createPhone, signingFaults, spoilSignatures } from '#sandbox/kit/phone-questions.ts';
import { makeHolders, type SigningHolder } from '#sandbox/kit/signing-holders.ts';

const no = (status: number, error: string): AppAnswer => ({
  status,
  json: { error, error_description: 'see the integration document' },
});
/** What the service shows on the phone: base64 of plain letters, short. */
const isShown = (text: unknown): boolean =>
  typeof text === 'string' &&
  text.length < 100 &&
  /^[a-zA-Z0-9_\- ]+$/.test(Buffer.from(text, 'base64').toString('utf8'));

/**
 * Viettel MySign, played, from public clients of it: `ras/v1/login` (a token for each holder), `certificates/info`,
 * `signHash` with `async` 1, `requests/status`. Oddities kept: numbers as texts, line breaks in signatures, states
 * as codes, names shown to the holder in base64 without accents.
 */
export const createMysign = async (start: {
  holders: SigningHolder[];
  credentials: { clientId: string; clientSecret: string };
}): Promise<SandboxApp & { asked(): number }> => {
  const keys = await makeHolders('Viettel-CA RS (sandbox)', start.holders);
  const phone = createPhone(120_000);
  const tokens = new Map<string, string>();
  const transactions = new Map<string, { keyId: string; hashes: Buffer[] }>();
  const { clientId, clientSecret } = start.credentials;

  const login = (body: Record<string, unknown>): AppAnswer => {
    if (!keys.some(one => one.userId === body.user_id)) return no(400, '58008');
    const token = randomBytes(24).toString('base64url');
    tokens.set(token, String(body.user_id));
    return { json: { access_token: token, refresh_token: '', token_type: 'Bearer', expires_in: '3600' } };
  };
  const certificates = (userId: string): AppAnswer => ({
    json: keys
      .filter(key => key.userId === userId)
      .map(key => ({
        credential_id: key.id,
        key: { status: 'enabled', algo: ['1.2.840.113549.1.1.1'], len: '2048', curve: null },
        cert: {
          status: phone.fault() === 'revoked' ? 'revoked' : 'valid',
          certificates: key.chain,
          subjectDN: key.certificate.subject,
          serialNumber: key.serialNumber,
        },
        authMode: 'implicit',
        multisign: '2147483647',
        scal: '2',
      })),
  });
  const signHash = (body: Record<string, unknown>, userId: string): AppAnswer => {
    const key = keys.find(one => one.id === body.credentialID && one.userId === userId);
    const hashes = (body.hash as string[]).map(one => Buffer.from(one, 'base64'));
    const documents = body.documents as { document_name: string }[];
    const counts = [documents.length, hashes.length].every(one => one === body.numSignatures);
    const shown = isShown(body.description) && documents.every(one => isShown(one.document_name));
    if (key === undefined || !counts || !shown || hashes.some(one => one.length !== 32))
      return no(400, '40000');
    if (phone.fault() === 'revoked') return no(400, '13004');
    const id = randomUUID();
    transactions.set(id, { keyId: key.id, hashes });
    phone.ask({ id, userId, title: Buffer.from(String(body.description), 'base64').toString('utf8') });
    return { json: { transactionId: id } };
  };
  const status = (id: string): AppAnswer => {
    const transaction = transactions.get(id);
    const question = phone.look(id);
    if (transaction === undefined || question === undefined) return no(400, '40004');
    if (question.state === 'waiting') return { json: { status: '4000' } };
    if (question.state === 'expired') return { json: { status: '4001' } };
    if (question.state === 'refused') return { json: { status: '4002' } };
    if (phone.fault() === 'late' && question.looks < 3) return { json: { status: '6000' } };
    const key = keys.find(one => one.id === transaction.keyId)!;
    const signatures = transaction.hashes.map(one => key.sign(one).replace(/(.{64})/g, '$1\r\n'));
    return { json: { status: '1', signatures: spoilSignatures(signatures, phone.fault()) } };
  };

  const handle = ({ method, path, headers, body: text }: AppRequest): AppAnswer => {
    const body = parseBody(text);
    const name = path.replace('/vtss/service/', '');
    if (method !== 'POST' || name === path || body === undefined) return { status: 404, json: {} };
    const isClient = body.client_id === clientId && body.client_secret === clientSecret;
    if (name !== 'requests/status' && !isClient) return no(401, '86024');
    if (name === 'ras/v1/login') return login(body);
    const userId = tokens.get(String(headers.authorization).replace('Bearer ', ''));
    if (userId === undefined) return no(401, '59033');
    if (name === 'certificates/info') return certificates(userId);
    if (name === 'signHash') return signHash(body, userId);
    return name === 'requests/status' ? status(String(body.transactionId)) : { status: 404, json: {} };
  };
  return {
    id: 'mysign',
    handle,
    accounts: () => start.holders,
    state: name => (name === 'questions' ? phone.all() : undefined),
    ownFaults: signingFaults,
    setFault: phone.setFault,
    confirm: phone.decide,
    asked: () => phone.all().length,
    act: ({ action }) => action === 'expire-tokens' && tokens.clear(),
  };
};
