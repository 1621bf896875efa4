/** The old single-purpose encodings of Vietnamese fonts, as their bytes look when read as Windows-1252. */
export type LegacyEncoding = 'tcvn3' | 'vni';

/**
 * TCVN3 (ABC fonts, TCVN 5712:1993 VN3): one byte a letter. Capitals with a tone have no code of their own:
 * the capital fonts (`.VnTimeH`) draw the small letter's code as a capital, so they decode to small letters.
 */
export const tcvn3 = new Map<string, string>(
  pairs(
    'µà ¸á ¶ả ·ã ¹ạ ¨ă »ằ ¾ắ ¼ẳ ½ẵ Æặ ©â Çầ Êấ Èẩ Éẫ Ëậ ®đ Ìè Ðé Îẻ Ïẽ Ñẹ ªê Òề Õế Óể Ôễ Öệ ' +
      '×ì Ýí Øỉ Üĩ Þị ßò ãó áỏ âõ äọ «ô åồ èố æổ çỗ éộ ¬ơ êờ íớ ëở ìỡ îợ ïù óú ñủ òũ ôụ \u00ADư õừ øứ öử ÷ữ ùự ' +
      'úỳ ýý ûỷ üỹ þỵ ¡Ă ¢Â §Đ £Ê ¤Ô ¥Ơ ¦Ư',
  ).concat([['\u03BC', 'à']]), // some programs turn the micro sign into the Greek letter
);

const tones: Record<string, string> = { ù: '\u0301', ø: '\u0300', û: '\u0309', õ: '\u0303', ï: '\u0323' };
const hat = '\u0302';
const breve = '\u0306';
const marksAfter: Record<string, Record<string, string>> = {
  a: {
    ...withHat(),
    ê: breve,
    é: `${breve}\u0301`,
    è: `${breve}\u0300`,
    ú: `${breve}\u0309`,
    ü: `${breve}\u0303`,
    ë: `${breve}\u0323`,
    ...tones,
  },
  e: { ...withHat(), ...tones },
  o: { ...withHat(), ...tones },
  u: tones,
  y: tones,
  ô: tones,
  ö: tones,
};
const lone: Record<string, string> = {
  ...{ í: 'í', ì: 'ì', æ: 'ỉ', ó: 'ĩ', ò: 'ị' },
  ...{ ô: 'ơ', ö: 'ư', î: 'ỵ', ñ: 'đ' },
};

/** VNI for Windows: a letter and a mark behind it, or one letter alone; small and capital differ. */
export const vni = new Map<string, string>();
for (const [code, letter] of Object.entries(lone)) {
  vni.set(code, letter);
  vni.set(code.toUpperCase(), letter.toUpperCase());
}
for (const [base, marks] of Object.entries(marksAfter)) {
  for (const [mark, combining] of Object.entries(marks)) {
    const letter = ((lone[base] ?? base) + combining).normalize('NFC');
    vni.set(base + mark, letter);
    // `Aùnh`: title case keeps the small mark behind the capital.
    vni.set(base.toUpperCase() + mark, letter.toUpperCase());
    vni.set(base.toUpperCase() + mark.toUpperCase(), letter.toUpperCase());
  }
}

function withHat(): Record<string, string> {
  return {
    ...{ â: hat, á: `${hat}\u0301`, à: `${hat}\u0300` },
    ...{ å: `${hat}\u0309`, ã: `${hat}\u0303`, ä: `${hat}\u0323` },
  };
}

function pairs(list: string): [string, string][] {
  return list.split(' ').map(pair => [pair.charAt(0), pair.charAt(1)]);
}
