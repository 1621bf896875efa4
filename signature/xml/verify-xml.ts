import type { VerificationReason, VerificationReport } from '#schemas/verification.ts';
import { SignatureFault } from '#signature/fault.ts';
import { judgeOwnStamp } from '#signature/verify/judge-signature.ts';
import { reportOne } from '#signature/verify/report-one.ts';
import { factsOf, judgeTrust, type Trust } from '#signature/verify/trust.ts';
import { ds, elementsOf, type OpenXml, openXml, type XmlDocument, xades } from '#signature/xml/open-xml.ts';
import { bindingIn, readXmlSignature, type XmlSignature } from '#signature/xml/read-xml-signature.ts';
import { digests, enveloped, methods, strictSignedXml } from '#signature/xml/xml-algorithms.ts';

/** The faults of the signature itself, and the signed properties as they were signed: nothing else of the file is believed. */
interface Checked {
  faults: VerificationReason[];
  properties?: XmlDocument;
}

const fault = (code: string): Checked => ({ faults: [{ code }] });

const isCanonical = (transform: string): boolean => transform.includes('c14n');

/**
 * Whether the signature holds over the whole document and, beside it, over its own properties alone. Everything else that XML
 * signatures allow (parts, XPath, XSLT, outside files) may leave the eye on what was not signed, and is refused.
 */
const check = (text: string, { element, signer, methods: named }: XmlSignature): Checked => {
  if (!signer) return fault('signer-certificate-missing');
  if (named.some(name => /sha1$/i.test(name) || /md5/i.test(name))) return fault('algorithm-weak');
  if (!named.every(name => name in methods || name in digests)) return fault('algorithm-unknown');
  const signed = strictSignedXml(signer.publicKey);
  try {
    signed.loadSignature(element as never);
    if (!signed.checkSignature(text)) return fault('digest-mismatch');
  } catch {
    return fault('signature-wrong');
  }
  const references = signed.getReferences();
  const whole = references.filter(({ uri }) => !uri);
  const others = references.filter(({ uri }) => uri);
  const plain = whole[0]?.transforms.every(name => name === enveloped || isCanonical(name));
  if (whole.length !== 1 || !plain || others.length > 1) return fault('format-unsupported');
  if (!others[0]) return { faults: [] };
  const { document } = openXml(Buffer.from(others[0].signedReference ?? ''));
  const root = elementsOf(document, xades, 'SignedProperties')[0];
  if (root !== document.documentElement || !others[0].transforms.every(isCanonical))
    return fault('format-unsupported');
  const binding = bindingIn(document, signer.der);
  const faults = binding === 'other' ? [{ code: 'signing-certificate-mismatch' }] : [];
  return { faults, ...(binding === 'bound' ? { properties: document } : {}) };
};

/** Faults that leave open whether the signature holds. */
const doubtful = new Set([
  'signer-certificate-missing',
  'algorithm-weak',
  'algorithm-unknown',
  'format-unsupported',
]);

const claimOf = (properties: XmlDocument | undefined): string | undefined => {
  const text = properties && elementsOf(properties, xades, 'SigningTime')[0]?.textContent;
  const time = new Date(text ?? '');
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
};

const judge = ({ text, document }: OpenXml, trust: Trust): VerificationReport => {
  const undecided = (code: string): VerificationReport => ({
    verdict: 'indeterminate',
    reasons: [{ code }],
    signatures: [],
  });
  const [element, another] = elementsOf(document, ds, 'Signature');
  if (!element) return undecided('no-signatures');
  if (another) return undecided('several-signatures');
  if (element.parentNode !== document.documentElement) return undecided('signature-misplaced');
  const signature = readXmlSignature(element);
  const { signer, certificates } = signature;
  const { faults, properties } = check(text, signature);
  const now = trust.now ?? new Date();
  const proofs = { certificates, ocsps: [], crls: [] };
  const known = { covered: [], store: proofs, trust, now, existedAt: now };
  const stamps = signature.timeStamps.map(token =>
    token
      ? judgeOwnStamp(token, signature.stamped, known, proofs)
      : { reasons: [{ code: 'time-stamp-not-proven', place: 'format-unsupported' }], time: undefined },
  );
  const [proven] = stamps.flatMap(({ time }) => time ?? []).toSorted((a, b) => a.getTime() - b.getTime());
  const trusted = signer && judgeTrust({ certificate: signer, proofs, trust, at: proven ?? now, now });
  const claimed = claimOf(properties);
  const unbound = faults.length === 0 && !properties ? [{ code: 'certificate-not-bound' }] : [];
  return reportOne({
    ...(trusted ?? { chain: [], trusted: false, revocation: 'unknown', provenByFile: false }),
    reasons: [
      ...faults,
      ...unbound,
      ...stamps.flatMap(({ reasons }) => reasons),
      ...(trusted?.reasons ?? []),
    ],
    ...(signer ? { signer: factsOf(signer) } : {}),
    ...(proven ? { provenAt: proven.toISOString() } : {}),
    ...(claimed ? { claimedAt: claimed } : {}),
    broken: faults.some(({ code }) => !doubtful.has(code)),
    baseline: properties !== undefined,
  });
};

/**
 * Judges an enveloped signature in XML (XMLDSig, XAdES baseline). Only one that covers the whole document, and stands directly in its root, is
 * believed. Always answers, whatever the bytes are.
 */
export const verifyXml = (xml: Uint8Array, trust: Trust): VerificationReport => {
  try {
    return judge(openXml(xml), trust);
  } catch (error) {
    if (!(error instanceof SignatureFault)) throw error;
    return { verdict: 'indeterminate', reasons: [{ code: 'xml-broken' }], signatures: [] };
  }
};
