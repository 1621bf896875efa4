/**
 * User names as the province gives them: given name and the initials of the others, without accents, small
 * (`Nguyễn Văn An` is `annv`); namesakes are numbered from 2 in the order of their staff codes
 * (`annv`, `annv2`, …). Returns one name for each person, in the order given.
 */
export function assignUsernames(people: readonly { code: string; name: string }[]): string[] {
  const order = people.map((_, index) => index).sort((a, b) => (people[a]!.code < people[b]!.code ? -1 : 1));
  const taken = new Map<string, number>();
  const usernames = new Array<string>(people.length);
  for (const index of order) {
    const base = baseOf(people[index]!.name);
    const number = (taken.get(base) ?? 0) + 1;
    taken.set(base, number);
    usernames[index] = number === 1 ? base : `${base}${number}`;
  }
  return usernames;
}

const plainWords = new Map<string, string>();

function baseOf(name: string): string {
  const words = name.split(' ').map(plain);
  const given = words.pop() ?? '';
  return given + words.map(word => word.charAt(0)).join('');
}

/** The same few hundred words make up all names. */
function plain(word: string): string {
  let known = plainWords.get(word);
  if (known === undefined) {
    known = word
      .toLowerCase()
      .normalize('NFD')
      .replaceAll('đ', 'd')
      .replace(/[^a-z]/g, '');
    plainWords.set(word, known);
  }
  return known;
}
