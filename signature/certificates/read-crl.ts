import { oids } from '#signature/asn1/oids.ts';
import { type Der, Fields, partsOf, readDer, readDerAt } from '#signature/asn1/read-der.ts';
import {
  type Algorithm,
  readAlgorithm,
  readBits,
  readInteger,
  readTime,
  tags,
} from '#signature/asn1/read-values.ts';
import { readExtensions, readPointName } from '#signature/certificates/read-extensions.ts';

export interface CrlEntry {
  revokedAt: Date;
  /** CRLReason of RFC 5280 §5.3.1. */
  reason: number | undefined;
}

/** What IssuingDistributionPoint (RFC 5280 §5.2.5) says the list is about. */
export interface CrlScope {
  urls: string[];
  named: boolean;
  onlyUsers: boolean;
  onlyAuthorities: boolean;
  onlyAttributes: boolean;
  onlySomeReasons: boolean;
  indirect: boolean;
}

export interface Crl {
  issuerName: Buffer;
  thisUpdate: Date;
  nextUpdate: Date | undefined;
  scope: CrlScope | undefined;
  isDelta: boolean;
  /** Certificates that expired after this are still on the list. */
  keepsExpiredSince: Date | undefined;
  unknownCritical: boolean;
  entryOf(serial: string): CrlEntry | undefined;
  signed: { data: Buffer; algorithm: Algorithm; signature: Buffer };
}

const readScope = (value: Buffer): CrlScope => {
  const fields = new Fields(readDer(value));
  const point = fields.optional(0xa0);
  const flag = (tag: number) => Boolean(fields.optional(tag)?.content[0]);
  return {
    urls: readPointName(point),
    named: point !== undefined,
    onlyUsers: flag(0x81),
    onlyAuthorities: flag(0x82),
    onlySomeReasons: fields.optional(0x83) !== undefined,
    indirect: flag(0x84),
    onlyAttributes: flag(0x85),
  };
};

const readEntry = (entry: Der): CrlEntry => {
  const fields = new Fields(entry);
  fields.next();
  const revokedAt = readTime(fields.next());
  const reason = readExtensions(fields.optional(tags.sequence)).get(oids.crlReason)?.value;
  return { revokedAt, reason: reason && readDer(reason, tags.enumerated).content[0] };
};

const understood = new Set<string>([
  oids.issuingDistributionPoint,
  oids.deltaCrl,
  oids.crlNumber,
  oids.authorityKeyIdentifier,
]);

/** Reads a CRL in DER (RFC 5280 §5.1); entries are read only when they are asked for. Throws when it is none. */
export const readCrl = (bytes: Uint8Array): Crl => {
  const outer = new Fields(readDer(bytes));
  const body = outer.next(tags.sequence);
  const algorithm = readAlgorithm(outer.next());
  const fields = new Fields(body);
  fields.optional(tags.integer);
  fields.next();
  const issuerName = fields.next(tags.sequence).raw;
  const thisUpdate = readTime(fields.next());
  const next = fields.optional(tags.utcTime, tags.generalizedTime);
  const entries = fields.optional(tags.sequence);
  const list = fields.optional(0xa0);
  const extensions = readExtensions(list && new Fields(list, 0xa0).next(tags.sequence));
  const scope = extensions.get(oids.issuingDistributionPoint);
  const keeps = extensions.get(oids.expiredCertsOnCrl);
  return {
    issuerName,
    thisUpdate,
    nextUpdate: next && readTime(next),
    scope: scope && readScope(scope.value),
    isDelta: extensions.has(oids.deltaCrl),
    keepsExpiredSince: keeps && readTime(readDer(keeps.value)),
    unknownCritical: [...extensions].some(([id, { critical }]) => critical && !understood.has(id)),
    entryOf: serial => {
      for (const entry of entries ? partsOf(entries) : [])
        if (readInteger(readDerAt(entry.content)) === serial) return readEntry(entry);
      return undefined;
    },
    signed: { data: body.raw, algorithm, signature: readBits(outer.next()) },
  };
};
