import { isOneOf } from '#hub/signing/document-type.ts';
import type { FileFormat } from '#hub/signing/request-store.ts';
import type { SigningRoute } from '#hub/signing/route-store.ts';
import type { Holder } from '#hub/signing/signers/signer.ts';

/** What a rule may ask of a step; without level, app and kind of document: of whatever this holder signs. */
export interface Asked extends Holder {
  level?: string;
  appId?: string;
  documentType?: string | null;
  format?: FileFormat;
}

/** The same for all that is served and signed alike: what was found out for one step holds for the others. Pure. */
export const nameOfAsked = ({ staffId, unitId, level, appId, documentType, format }: Asked): string =>
  JSON.stringify([staffId, unitId, level, appId, documentType, format]);

const holds = <T>(list: T[] | undefined, value: T | null | undefined): boolean =>
  list === undefined || value === undefined || (value !== null && list.includes(value));

/** Whether a route may serve a step. Pure. */
export const mayServe = ({ enabled, rules }: Pick<SigningRoute, 'enabled' | 'rules'>, step: Asked): boolean =>
  enabled &&
  holds(rules.staffIds, step.staffId) &&
  holds(rules.unitIds, step.unitId) &&
  holds(rules.levels, step.level) &&
  holds(rules.appIds, step.appId) &&
  (step.documentType === undefined || isOneOf(rules.documentTypes, step.documentType));
