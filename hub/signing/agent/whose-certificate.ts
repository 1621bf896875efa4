import type { Certificate } from '#signature/certificates/read-certificate.ts';

/** How an account of an agent's route names a certificate: `serial:` and its serial number in hex, or `uid:` and the UID of its subject. */
export const certificateName = /^(?:serial:[0-9a-fA-F]{1,40}|uid:.{1,190})$/;

const withoutZeros = (hex: string): string => hex.toLowerCase().replace(/^0+/, '');

/** Values of a part of a name as `readName` writes it: what is escaped belongs to the value. */
const partsOf = (name: string, part: string): string[] =>
  [...name.matchAll(/(?:^|\+|, )([^=]+)=((?:\\.|[^,+\\])*)/gs)]
    .filter(([, type]) => type === part)
    .map(([, , value]) => value!.replace(/\\(.)/gs, '$1'));

/** Whether a certificate is the one that an account names. Pure. */
export const isOfAccount = (
  { serial, subject }: Pick<Certificate, 'serial' | 'subject'>,
  userId: string,
): boolean => {
  if (!certificateName.test(userId)) return false;
  const value = userId.slice(userId.indexOf(':') + 1);
  return userId.startsWith('serial:')
    ? withoutZeros(serial) === withoutZeros(value)
    : partsOf(subject, 'UID').includes(value);
};
