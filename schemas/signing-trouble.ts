/** Why somebody's usual signing service is not asked; `certificate-withdrawn`: revoked or held. */
export const troubleKinds = [
  'reported-broken',
  'certificate-expired',
  'certificate-withdrawn',
  'service-unavailable',
] as const;
export type TroubleKind = (typeof troubleKinds)[number];

/** A signing service as people call it. */
export interface NamedService {
  id: string;
  name: string;
}

/** Signing with another service while the usual one cannot. */
export interface Detour {
  kind: TroubleKind;
  instead: NamedService;
  to: NamedService;
  /** The signer wants that. */
  agreed: boolean;
  /** There is no key at `to` yet: one may be made for the meantime, or its certificate is waited for. */
  temporary?: 'offered' | 'requested';
}

/** A person's word that one service signs instead of another: ids of routes. */
export interface Agreement {
  instead: string;
  to: string;
}

/** A signing service that a person, or an organisation whose seal they keep, has a key at. */
export interface SigningService {
  holder: { staffId: string; name: string } | { unitId: string; name: string };
  service: NamedService;
  /** Its trouble, while there is one. */
  ticket?: { id: string; kind: TroubleKind; openedAt: string; agreedTo?: NamedService };
  /** What can serve while it cannot. */
  detour?: Detour;
}
