import { hash } from 'node:crypto';

/** What is kept of an id in its place: SHA-256 of random text cannot be turned back. */
export const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer');

/** The same as text that fits an address or a cookie (base64url). */
export const sha256Text = (text: string): string => sha256(text).toString('base64url');
