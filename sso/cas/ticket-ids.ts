import { randomBytes } from 'node:crypto';
import { sha256 } from '#sso/sha-256.ts';

/** ST: for a service. PT: for a service behind another app. PGT: to get PTs. PGTIOU: names a PGT without being it. */
type TicketPrefix = 'ST' | 'PT' | 'PGT' | 'PGTIOU';

/**
 * 256 random bits in base 36: CAS allows letters, digits and the hyphen alone, and clients need take no more than 64
 * characters of a PGT (CAS Protocol 3.0.3 §3).
 */
export const newTicketId = (prefix: TicketPrefix): string =>
  `${prefix}-${BigInt(`0x${randomBytes(32).toString('hex')}`)
    .toString(36)
    .padStart(50, '0')}`;

/** What is kept of a ticket. */
export const hashTicket = (id: string): Buffer => sha256(id);
