/**
 * What a sandbox app starts with for one person, before it is put into the vendor's own shape. The province
 * generator makes these; drift changes some of them.
 */
export interface SandboxAccount {
  externalId: string;
  enabled: boolean;
  code: string;
  username: string;
  name: string;
  email?: string;
  phone?: string;
  gender?: string;
  birthDate?: string;
  unitCode?: string;
  unitName?: string;
  title?: string;
  rank?: string;
  grade?: number;
  coefficient?: number;
  coefficientFrom?: string;
  awards?: string[];
}
