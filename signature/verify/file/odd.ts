/**
 * A file that is not what its rules say (ISO 32000-2 §7). A viewer would repair it, each in its own way; who judges a
 * signature must not guess, so reading stops here. `code` becomes a reason in the report.
 */
export class OddFile extends Error {
  readonly code: string;
  readonly place: string | undefined;
  constructor(code: string, place?: string) {
    super(place ? `${code} at ${place}` : code);
    this.name = 'OddFile';
    this.code = code;
    this.place = place;
  }
}
