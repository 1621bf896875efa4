import { randomUUID } from 'node:crypto';
import type { AppAnswer, SandboxApp } from '#sandbox/kit/app-server.ts';
import { type LittleAuthority, makeLittleAuthority } from '#sandbox/kit/little-authority.ts';
import { parseBody } from '#sandbox/kit/parse-body.ts';
import { createPhone, signingFaults, spoilSignatures } from '#sandbox/kit/phone-questions.ts';
import { makeHeldKey, makeHolders, type SigningHolder } from '#sandbox/kit/signing-holders.ts';

export const basePath = '/sca/sp769';

interface Transaction {
  id: string;
  code: string;
  files: { doc_id: string; data_to_be_signed: string }[];
  keyId: string;
}

const say = (status_code: number, message: string, data?: unknown): AppAnswer => ({
  status: status_code === 400 ? 400 : 200,
  json: { status_code, message, ...(data === undefined ? {} : { data }) },
});

/**
 * VNPT SmartCA, played, from the service's integration document: `v1/credentials/get_certificate`,
 * `v1/signatures/sign`, `v1/signatures/sign/{id}/status` (by either id).
 * `POST /_actions {"issue":{"userId","name"}}` gives a subscriber a new key, and what they had before is revoked.
 * Oddities kept: faults with HTTP 200 and a `status_code`, hashes in hex, a status in Vietnamese words.
 */
export const createSmartca = async (start: {
  holders: SigningHolder[];
  credentials: { spId: string; spPassword: string };
  /** Who certifies; an authority of its own that nobody trusts when absent. */
  authority?: LittleAuthority;
}): Promise<SandboxApp & { asked(): number }> => {
  const authority = start.authority ?? (await makeLittleAuthority('VNPT SmartCA (sandbox)'));
  const keys = await makeHolders('', start.holders, authority);
  const phone = createPhone();
  const transactions: Transaction[] = [];

  const signaturesOf = (transaction: Transaction) => {
    const key = keys.find(one => one.id === transaction.keyId)!;
    const values = transaction.files.map(file => key.sign(Buffer.from(file.data_to_be_signed, 'hex')));
    const fault = phone.fault();
    const spoilt = fault === 'swapped' ? spoilSignatures(values, fault) : values;
    const told = transaction.files.map(({ doc_id }, index) => ({
      doc_id,
      signature_value: spoilt[index],
      timestamp_signature: null,
    }));
    return fault === 'twice' ? spoilSignatures(told, fault) : told;
  };
  const certificates = (userId: string): AppAnswer =>
    say(200, 'Success', {
      user_certificates: keys
        .filter(key => key.userId === userId)
        .map(key => ({
          service_type: 'SMARTCA',
          service_name: 'SMARTCA PERSONAL PRO',
          cert_id: key.id,
          cert_status: key.revoked || phone.fault() === 'revoked' ? 'Đã thu hồi' : 'Đang hoạt động',
          serial_number: key.serialNumber,
          cert_subject: key.certificate.subject,
          cert_valid_from: key.certificate.validFromDate.toISOString(),
          cert_valid_to: key.certificate.validToDate.toISOString(),
          cert_data: key.chain[0],
          chain_data: { ca_cert: key.chain[1], root_cert: null },
        })),
    });
  const sign = (body: Record<string, unknown>): AppAnswer => {
    const files = body.sign_files as (Transaction['files'][number] & { sign_type: string })[];
    const id = String(body.transaction_id ?? '');
    const sound = files?.every(
      one => one.sign_type === 'hash' && /^[0-9a-f]{64}$/.test(one.data_to_be_signed),
    );
    if (id === '' || !sound || transactions.some(one => one.id === id)) return say(400, 'BAD_REQUEST');
    const key = keys.find(
      one =>
        one.userId === body.user_id &&
        !one.revoked &&
        (!body.serial_number || one.serialNumber === body.serial_number),
    );
    if (key === undefined || phone.fault() === 'revoked') return say(403, 'CREDENTIAL_STATUS_INVALID');
    const transaction = { id, code: randomUUID(), files, keyId: key.id };
    transactions.push(transaction);
    phone.ask({ id, userId: key.userId, title: String(body.transaction_desc ?? '') });
    return say(200, 'sig_wait_for_user_confirm', { transaction_id: id, tran_code: transaction.code });
  };
  const status = (id: string): AppAnswer => {
    const transaction = transactions.find(one => one.id === id || one.code === id);
    const question = transaction && phone.look(transaction.id);
    if (transaction === undefined || question === undefined) return say(404, 'NOT_FOUND');
    const data = { transaction_id: transaction.id, signatures: null };
    const isLate = phone.fault() === 'late' && question.looks < 3;
    if (question.state === 'waiting' || (question.state === 'confirmed' && isLate))
      return say(200, 'sig_wait_for_user_confirm', data);
    if (question.state === 'expired') return say(200, 'EXPIRED', data);
    if (question.state === 'refused') return say(400, 'sig_user_rejected', data);
    return say(200, 'SUCCESS', { ...data, signatures: signaturesOf(transaction) });
  };

  return {
    id: 'smartca',
    accounts: () => start.holders,
    state: name => (name === 'questions' ? phone.all() : undefined),
    ownFaults: signingFaults,
    setFault: phone.setFault,
    asked: () => phone.all().length,
    confirm: phone.decide,
    async act({ issue }) {
      const holder = issue as SigningHolder;
      const key = await makeHeldKey(authority, holder);
      for (const old of keys) if (old.userId === holder.userId) old.revoked = true;
      keys.push(key);
      return { userId: holder.userId, serialNumber: key.serialNumber };
    },
    handle({ method, path, body: text }) {
      const body = parseBody(text);
      if (method !== 'POST' || !path.startsWith(basePath) || body === undefined)
        return { status: 404, body: '404 page not found' };
      const looked = /^\/v1\/signatures\/sign\/([^/]+)\/status$/.exec(path.slice(basePath.length));
      if (looked !== null) return status(decodeURIComponent(looked[1]!));
      const { spId, spPassword } = start.credentials;
      if (body.sp_id !== spId || body.sp_password !== spPassword) return say(401, 'SP_CREDENTIAL_INVALID');
      if (path.endsWith('/v1/credentials/get_certificate')) return certificates(String(body.user_id));
      return path.endsWith('/v1/signatures/sign') ? sign(body) : { status: 404, body: '404 page not found' };
    },
  };
};
