import { createHash } from 'node:crypto';
import { oids } from '#signature/asn1/oids.ts';
import { Fields, readDer } from '#signature/asn1/read-der.ts';
import { readAlgorithm, readOctets, readTime, tags } from '#signature/asn1/read-values.ts';
import type { Certificate } from '#signature/certificates/read-certificate.ts';
import { hashName } from '#signature/certificates/verify-signed.ts';
import { judgeCms } from '#signature/verify/judge-cms.ts';
import type { Cms } from '#signature/verify/read-cms.ts';

/** A time-stamp token by itself (RFC 3161 §2.4.2): what time it claims for what, and what is wrong with it. */
export interface TimeStampJudgement {
  time: Date | undefined;
  authority: Certificate | undefined;
  broken: string[];
  doubtful: string[];
}

/** Whether the certificate may make time-stamps, and nothing else (RFC 3161 §2.3). */
const mayStamp = ({ extendedKeyUsage, extendedKeyUsageCritical }: Certificate): boolean =>
  extendedKeyUsageCritical && extendedKeyUsage?.length === 1 && extendedKeyUsage[0] === oids.timeStamping;

const judgeImprint = (
  imprint: Fields,
  stamped: readonly Uint8Array[],
): Pick<TimeStampJudgement, 'broken' | 'doubtful'> => {
  const name = hashName(readAlgorithm(imprint.next()).oid);
  if (!name || name === 'weak')
    return { broken: [], doubtful: [name ? 'algorithm-weak' : 'algorithm-unknown'] };
  const hash = createHash(name);
  for (const part of stamped) hash.update(part);
  const same = hash.digest().equals(readOctets(imprint.next()));
  return { broken: same ? [] : ['time-stamp-of-another'], doubtful: [] };
};

/** Judges a token over `stamped`. @throws DerError */
export const judgeTimeStamp = (cms: Cms, stamped: readonly Uint8Array[]): TimeStampJudgement => {
  if (cms.contentType !== oids.tstInfo || !cms.content) {
    return { time: undefined, authority: undefined, broken: ['time-stamp-broken'], doubtful: [] };
  }
  const own = judgeCms(cms, [cms.content]);
  const info = new Fields(readDer(cms.content));
  info.next(tags.integer);
  info.next(tags.oid);
  const imprint = judgeImprint(new Fields(info.next()), stamped);
  info.next(tags.integer);
  const time = readTime(info.next());
  const broken = [
    ...own.broken.map(code => (code === 'content-altered' ? 'time-stamp-broken' : code)),
    ...imprint.broken,
  ];
  if (own.certificate && !mayStamp(own.certificate)) broken.push('time-stamp-not-by-authority');
  return { time, authority: own.certificate, broken, doubtful: [...own.doubtful, ...imprint.doubtful] };
};
