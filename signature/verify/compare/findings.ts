import { OddFile } from '#signature/verify/file/odd.ts';

/** One difference between what was signed and what the file is now. */
export interface Finding {
  code: string;
  place: string;
  allowed: boolean;
}

/** How many objects one comparison looks at; a hostile file must not hold a processor. */
const maxSteps = 3_000_000;
/** The first ones tell enough. */
const maxFindings = 50;

/** Collects differences, each once, and holds the work within bounds. */
export class Findings {
  readonly list: Finding[] = [];
  suspicious = false;
  #steps = 0;

  add(code: string, place: string, allowed = false): void {
    if (!allowed) this.suspicious = true;
    const known = this.list.some(finding => finding.code === code && finding.place === place);
    if (!known && this.list.length < maxFindings) this.list.push({ code, place, allowed });
  }

  /** @throws OddFile too-complex */
  step(): void {
    this.#steps += 1;
    if (this.#steps > maxSteps) throw new OddFile('too-complex', 'comparison');
  }
}
