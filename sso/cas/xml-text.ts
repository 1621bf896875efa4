/** A text without the characters that XML 1.0 cannot hold, escaped or not. */
export const xmlText = (text: string): string =>
  text.replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
