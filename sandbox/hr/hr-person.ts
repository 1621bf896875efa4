/** A post beside the main one (kiêm nhiệm). Days are ISO 8601. */
export interface HrSidePost {
  unitCode: string;
  title: string;
  from?: string;
  to?: string;
}

/** A commendation or a disciplinary measure; `date` is an ISO day, `year` when only that is known. */
export interface HrDecision {
  title: string;
  date?: string;
  year?: number;
  number?: string;
}

/**
 * A person as the HR software knows them. Values are immutable: a change makes a new object, so that the
 * change list can keep each state as it was.
 */
export interface HrPerson {
  /** Mã CBCCVC. */
  readonly code: string;
  /** Số CCCD, 12 digits. */
  readonly citizenNumber: string;
  readonly name: string;
  /** ISO day, or four digits when only the year is known. */
  readonly birthDate: string;
  readonly gender: 'male' | 'female';
  readonly phone?: string;
  /** Written back by the hub: official mail address and account name. */
  readonly email?: string;
  readonly account?: string;
  /** The main post. */
  readonly unitCode: string;
  readonly title: string;
  /** Posts beside the main one. */
  readonly positions: readonly HrSidePost[];
  /** Mã ngạch, bậc, hệ số in hundredths (2.34 is 234), since when (ISO day). */
  readonly rank: string;
  readonly grade: number;
  readonly coefficient: number;
  readonly coefficientFrom: string;
  readonly awards: readonly HrDecision[];
  readonly disciplines: readonly HrDecision[];
  readonly status: 'active' | 'suspended' | 'left';
  /** ISO day since when the status holds. */
  readonly statusFrom?: string;
}
