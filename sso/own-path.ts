/** Whether an address is a path of the same origin, without a way to lead elsewhere (`//host`, `/\host`). */
export const isOwnPath = (path: string): boolean =>
  /^\/(?![/\\])[\x21-\x7e]*$/.test(path) && !path.includes('\\');
