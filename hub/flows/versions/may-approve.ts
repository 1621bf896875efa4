const personOf = (actor: string): string | undefined =>
  /^(?:staff\/)?([0-9a-f-]{36})$/i.exec(actor)?.[1]?.toLowerCase();

/** Whether one may approve what the other made: two persons, no program. */
export const mayApprove = (reviewer: string, author: string): boolean => {
  const person = personOf(reviewer);
  return person !== undefined && person !== personOf(author);
};
