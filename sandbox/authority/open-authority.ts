import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { Certificate, type RelativeDistinguishedNames } from 'pkijs';
import { openJournal } from '#sandbox/kit/journal.ts';
import type { Revocation, RevocationReason } from './build-crl.ts';
import { buildName, type Subject } from './build-name.ts';
import { authorityAccess, basicConstraints, crlDistributionPoint } from './extensions.ts';
import { issueCertificate, serialOf } from './issue-certificate.ts';
import { openIdentity, publicKeyOf } from './open-identity.ts';
import { authorityExtensions, extensionsOf, type Purpose } from './purposes.ts';
import { readRequest } from './read-request.ts';

const yearMs = 365 * 86_400_000;
const dayMs = 86_400_000;
const organisation = 'Cục Chứng thực số và Bảo mật thông tin (đóng vai)';
const own = (CN: string): Subject => ({ C: 'VN', O: organisation, CN });

/** What is asked for; the subject of a request holds unless another is given. */
export interface Order {
  /** PKCS#10, DER or PEM: it must be signed by its own key. */
  request?: Uint8Array;
  /** Instead of a request: a public key, as such or as SubjectPublicKeyInfo in DER. */
  publicKey?: KeyObject | Uint8Array;
  subject?: Subject;
  /** `person` when absent. */
  purpose?: Purpose;
  /** From now on when absent; may lie in the past or in the future, from 2015 to 2040. */
  notBefore?: Date;
  /** Three years after `notBefore` when absent. */
  notAfter?: Date;
  /** Where revocation can be asked about, and the issuer found; all of them when absent. */
  pointers?: ('ocsp' | 'crl' | 'issuer')[];
}

type Change = { issued: string } | { revoked: string; at: string; reason: RevocationReason };

/** Root and issuing authority, the responder and the time-stamp authority, with all that they issued and revoked. */
export const openAuthority = async ({ folder, origin }: { folder?: string | undefined; origin: string }) => {
  const issued = new Map<string, Buffer>();
  const revoked = new Map<string, Revocation>();
  const remember = (der: Buffer) => issued.set(serialOf(Certificate.fromBER(der).serialNumber), der);
  const keep = openJournal<Change>(folder && join(folder, 'certificates.jsonl'), change => {
    if ('issued' in change) remember(Buffer.from(change.issued, 'base64'));
    else revoked.set(change.revoked, { at: new Date(change.at), reason: change.reason });
  });

  const from = new Date('2015-01-01T00:00:00Z');
  const rootName = buildName(own('Chứng thực số gốc chuyên dùng công vụ (đóng vai)'));
  const root = await openIdentity(folder, 'root', key =>
    issueCertificate({
      subject: rootName,
      publicKey: publicKeyOf(key),
      notBefore: from,
      notAfter: new Date('2045-01-01T00:00:00Z'),
      extensions: authorityExtensions(),
      issuer: { key },
    }),
  );
  const issuing = await openIdentity(folder, 'issuing', key =>
    issueCertificate({
      subject: buildName(own('Chứng thực số chuyên dùng công vụ các tỉnh (đóng vai)')),
      publicKey: publicKeyOf(key),
      notBefore: from,
      notAfter: new Date('2040-01-01T00:00:00Z'),
      extensions: [
        ...authorityExtensions(0),
        authorityAccess({ issuer: `${origin}/ca/root.cer` }),
        crlDistributionPoint(`${origin}/crl/root.crl`),
      ],
      issuer: root,
    }),
  );

  const certify = (
    subject: RelativeDistinguishedNames,
    publicKey: Uint8Array,
    order: Pick<Order, 'purpose' | 'notBefore' | 'notAfter' | 'pointers'>,
  ): Buffer => {
    const { purpose = 'person', pointers = ['ocsp', 'crl', 'issuer'] } = order;
    const notBefore = order.notBefore ?? new Date();
    const points = (pointer: (typeof pointers)[number]) => pointers.includes(pointer);
    const access = {
      ...(points('ocsp') ? { ocsp: `${origin}/ocsp` } : {}),
      ...(points('issuer') ? { issuer: `${origin}/ca/issuing.cer` } : {}),
    };
    const der = issueCertificate({
      subject,
      publicKey,
      notBefore,
      notAfter: order.notAfter ?? new Date(notBefore.getTime() + 3 * yearMs),
      extensions: [
        basicConstraints(false),
        ...extensionsOf[purpose](),
        ...(Object.keys(access).length > 0 ? [authorityAccess(access)] : []),
        ...(points('crl') ? [crlDistributionPoint(`${origin}/crl/issuing.crl`)] : []),
      ],
      issuer: issuing,
    });
    remember(der);
    keep({ issued: der.toString('base64') });
    return der;
  };
  const service = (name: string, CN: string, purpose: Purpose, pointers: Order['pointers']) =>
    openIdentity(folder, name, key =>
      certify(buildName(own(CN)), publicKeyOf(key), {
        ...{ purpose, pointers },
        notBefore: new Date(Date.now() - dayMs),
        notAfter: new Date(Date.now() + 5 * yearMs),
      }),
    );
  const responder = await service('ocsp', 'Trả lời trạng thái chứng thư số (đóng vai)', 'ocsp', ['issuer']);
  const stamper = await service('time-stamp', 'Dấu thời gian (đóng vai)', 'time-stamping', undefined);

  const issuingSerial = serialOf(issuing.certificate.serialNumber);
  const revocationsOf = (isRoot: boolean) =>
    new Map([...revoked].filter(([serial]) => (serial === issuingSerial) === isRoot));
  return {
    ...{ root, issuing, responder, stamper },
    /** Issues a certificate and answers it in DER. @throws BadRequest */
    issue(order: Order): Buffer {
      const asked = order.request === undefined ? undefined : readRequest(order.request);
      const subject = order.subject === undefined ? asked?.subject : buildName(order.subject);
      const given = order.publicKey;
      const publicKey =
        asked?.publicKey ?? (given instanceof Uint8Array ? given : given && publicKeyOf(given));
      if (subject === undefined || publicKey === undefined)
        throw new TypeError('a request, or a subject and a public key');
      return certify(subject, publicKey, order);
    },
    /** From `at` on (now when absent); once revoked a certificate stays so. The issuing authority's own serial too. */
    revoke(serial: string, reason: RevocationReason = 'unspecified', at = new Date()): void {
      const key = serial.toUpperCase().replace(/^(00)+/, '');
      if (key !== issuingSerial && !issued.has(key)) throw new RangeError(`no certificate ${key}`);
      if (revoked.has(key)) return;
      revoked.set(key, { at, reason });
      keep({ revoked: key, at: at.toISOString(), reason });
    },
    isIssued: (serial: string): boolean => issued.has(serial),
    revokedByRoot: () => revocationsOf(true),
    revokedByIssuing: () => revocationsOf(false),
    /** All that were issued, oldest first, for `GET /_state/certificates`. */
    list: () =>
      [...issued].map(([serial, der]) => ({
        serial,
        certificate: der.toString('base64'),
        revoked: revoked.get(serial)?.reason ?? null,
      })),
  };
};
export type Authority = Awaited<ReturnType<typeof openAuthority>>;
