const fold = (word: string): string => word.normalize('NFC').trim().toLocaleLowerCase('vi');

/** Whether a kind of document is named by a list, however it is written: "Quyết định" is "QUYẾT ĐỊNH". No list asks nothing. Pure. */
export const isOneOf = (list: readonly string[] | undefined, type: string | null): boolean =>
  list === undefined || (type !== null && list.some(one => fold(one) === fold(type)));
