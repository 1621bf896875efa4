/** A post in force, as the register keeps it. */
export interface PositionState {
  unitId: string;
  title: string;
  main: boolean;
  from: string | null;
}
export interface SalaryState {
  rank: string;
  grade: number;
  coefficient: number;
  from: string;
}
export interface DecisionState {
  kind: 'award' | 'discipline';
  title: string;
  date: string | null;
  year: number | null;
  number: string | null;
}

/** A person as the register knows them, complete enough to plan any change without asking again. */
export interface StaffState {
  id: string;
  version: number;
  status: string;
  statusFrom: string | null;
  code: string;
  /** Hex of the keyed hash. */
  citizenHash: string | null;
  name: string;
  username: string;
  birthDate: string | null;
  birthYear: number | null;
  gender: string | null;
  email: string | null;
  phone: string | null;
  positions: PositionState[];
  /** The step in force. */
  salary: SalaryState | null;
  salarySteps: SalaryState[];
  decisions: DecisionState[];
}

/** The person's main post, or none. */
export const mainPosition = (state: StaffState): PositionState | undefined =>
  state.positions.find(position => position.main);
