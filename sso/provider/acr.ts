/** How sure a sign-in is (`acr`): a password alone, or two factors of different kinds. */
export const acr = {
  password: 'urn:lienthong:acr:password',
  secondFactor: 'urn:lienthong:acr:second-factor',
} as const;

/** Methods (RFC 8176) that make a second factor: one-time code, a key of one's own, a recovery code. */
const secondFactors = new Set(['otp', 'hwk', 'swk', 'mfa', 'rec']);

export const hasSecondFactor = (amr: string[]): boolean => amr.some(method => secondFactors.has(method));

export const acrOf = (amr: string[]): string => (hasSecondFactor(amr) ? acr.secondFactor : acr.password);
