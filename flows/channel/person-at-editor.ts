/** Who is at the editor, as its door tells its process. */
export interface PersonAtEditor {
  staffId: string;
  name: string;
  right: 'write' | 'read';
}

/** In which header: JSON in base64url. The socket that it comes by lies in a folder of the hub's own user. */
export const personHeader = 'x-lienthong-person';

/** @throws {SyntaxError} what the door did not write */
export const readPerson = (header: string): PersonAtEditor =>
  JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as PersonAtEditor;
