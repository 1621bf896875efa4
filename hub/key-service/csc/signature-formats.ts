import { CscError } from '#hub/key-service/csc/csc-error.ts';
import { type SigningLevel, signingLevels } from '#schemas/signing.ts';

/** `signature_format` of the API (2.0 §11.11): PAdES, CAdES, XAdES. J (JAdES) is not offered. */
export type Format = 'P' | 'C' | 'X';

/** What may be asked of a format; the first envelope is the one when none is asked for, as the API has it. */
const formats: Record<Format, { envelopes: [string, ...string[]]; levels: readonly SigningLevel[] }> = {
  P: { envelopes: ['Certification', 'Revision'], levels: signingLevels },
  C: { envelopes: ['Attached', 'Detached'], levels: ['B-B', 'B-T'] },
  X: { envelopes: ['Enveloped'], levels: ['B-B', 'B-T'] },
};

const nameOf = (level: SigningLevel): string => `Ades-${level}`;
const isFormat = (text: string): text is Format => text in formats;

/** `signature_formats` and `conformance_levels` of `info`. Levels above the first need a time-stamp authority. */
export const showFormats = (timeStamps: boolean) => ({
  signature_formats: {
    formats: Object.keys(formats),
    envelope_properties: Object.values(formats).map(({ envelopes }) => envelopes),
  },
  conformance_levels: signingLevels.filter(level => timeStamps || level === 'B-B').map(nameOf),
});

/** How a signature is to be made. */
export interface Wanted {
  format: Format;
  level: SigningLevel;
  envelope: string;
}

/** Reads it as the API writes it; some write `AdES`. Pure. @throws CscError for what is not offered */
export const readWanted = (
  given: { signature_format: string; conformance_level?: string; signed_envelope_property?: string },
  timeStamps: boolean,
): Wanted => {
  const { signature_format: format, conformance_level, signed_envelope_property } = given;
  if (!isFormat(format)) throw new CscError('Invalid parameter signature_format: P, C and X are offered');
  const { envelopes, levels } = formats[format];
  const asked = (conformance_level ?? nameOf('B-B')).toLowerCase();
  const level = levels.find(one => nameOf(one).toLowerCase() === asked);
  if (level === undefined)
    throw new CscError(
      `Invalid parameter conformance_level: ${format} has ${levels.map(nameOf).join(', ')} here`,
    );
  if (level !== 'B-B' && !timeStamps)
    throw new CscError('Invalid parameter conformance_level: no time-stamp authority is set up');
  const envelope = signed_envelope_property ?? envelopes[0];
  if (!envelopes.includes(envelope))
    throw new CscError(
      `Invalid parameter signed_envelope_property: ${format} has ${envelopes.join(', ')} here`,
    );
  return { format, level, envelope };
};
