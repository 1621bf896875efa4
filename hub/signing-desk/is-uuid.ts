/** Whether a text from a form or an address can be an id; the database takes no other. Pure. */
export const isUuid = (text: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text);
