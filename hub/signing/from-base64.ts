/** The bytes of what commands and rows carry as text: certificates, hashes, raw signatures. What is no base64 in it is skipped. */
export const fromBase64 = (text: string): Buffer => Buffer.from(text, 'base64');
