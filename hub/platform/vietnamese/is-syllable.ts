const onset = /^(?:ngh|ng|nh|gh|gi|g|kh|k|ph|p|th|tr|t|ch|c|qu|b|d|đ|h|l|m|n|r|s|v|x)?/;

const rimes = new Set(
  `a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
  e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
  o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om on ong ooc oong op ot
  oăc oăm oăn oăng oăt ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơng ơp ơt
  u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uôc uôi uôm uôn uông uôt uơ
  uy uya uych uyên uyêt uyn uynh uyp uyt uyu
  ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu`.split(/\s+/),
);
/** Only behind qu: quynh, quyt, quych. */
const rimesAfterQu = new Set(['ych', 'yn', 'ynh', 'yt', 'yu', 'yp']);

const toneMarks = /[\u0300\u0301\u0303\u0309\u0323]/g;
/** Grave, hook and tilde cannot stand on a syllable that ends in a stop. */
const toneImpossibleOnStop = /[\u0300\u0303\u0309]/;
const stop = /(?:c|ch|p|t)$/;

const vowelCluster = /[aăâeêioôơuưy]+/;
const vowelWithMark = /[ăâêôơư](?!ơ)/;

/**
 * Whether a word can be one Vietnamese syllable: a known onset, a known rime, at most one tone, on the vowel where
 * it belongs (hoà and hòa are both right), and a tone that the ending allows. Case does not matter. Many valid
 * syllables mean nothing; foreign words and misread encodings are seldom valid, and that is what it is for.
 */
export function isSyllable(word: string): boolean {
  const decomposed = word.toLowerCase().normalize('NFD');
  const tones = decomposed.match(toneMarks) ?? [];
  if (tones.length > 1) return false;
  const letters = decomposed.replace(toneMarks, '').normalize('NFC');
  if (stop.test(letters) && tones.length === 1 && toneImpossibleOnStop.test(tones[0]!)) return false;
  const start = onset.exec(letters)![0];
  const rime = letters.slice(start.length);
  if ((start === 'ngh' || start === 'gh') && !/^[ieê]/.test(rime)) return false;
  // The i of `gi` is also the vowel of gì, gìn; where its tone stands is not looked at.
  if (start === 'gi' && rimes.has(`i${rime}`)) return true;
  const known =
    start === 'qu' ? rimesAfterQu.has(rime) || (rimes.has(rime) && !/^[uo]./.test(rime)) : rimes.has(rime);
  return known && (tones.length === 0 || toneStands(decomposed, start.length, rime));
}

/** Whether the tone stands on the vowel that carries it by the spelling rules, old or new. */
function toneStands(decomposed: string, startLength: number, rime: string): boolean {
  const before = decomposed.slice(0, decomposed.search(toneMarks)).normalize('NFC').length - 1;
  const cluster = vowelCluster.exec(rime)![0];
  const at = before - startLength;
  const marked = cluster.search(vowelWithMark);
  if (marked !== -1) return at === marked;
  if (cluster.length === 1) return at === 0;
  if (cluster.length === 3 || rime.length > cluster.length) return at === 1;
  return /^(?:oa|oe|uy)$/.test(cluster) ? at === 0 || at === 1 : at === 0;
}
