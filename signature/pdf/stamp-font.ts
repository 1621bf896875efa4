import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type EmbeddedFont, PDF, PdfDict, PdfRef } from '@libpdf/core';
import { SignatureFault } from '#signature/fault.ts';
import { createShelf, type Graft } from '#signature/pdf/graft.ts';

/** Tinos (SIL OFL 1.1): drawn to the measures of Times New Roman, which NĐ 30/2020 asks for, with all Vietnamese letters. */
const faces = {
  upright: '@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf',
  italic: '@expo-google-fonts/tinos/400Regular_Italic/Tinos_400Regular_Italic.ttf',
} as const;
export type Face = keyof typeof faces;

/** What numbers, dates and their words are written with: one subset serves nearly every stamp. */
const usual = ' 0123456789ABCDEGHIKLMNOPQRSTUVXYabcdeghiklmnopqrstuvxyĐđÔôƠơƯưÂâĂăÊêốấáàýừôồểế.,:;/-+()Zz…';

const opened = new Map<Face, { bytes: Uint8Array; font: EmbeddedFont }>();
const open = (face: Face) => {
  const there = opened.get(face);
  if (there) return there;
  const bytes = readFileSync(fileURLToPath(import.meta.resolve(faces[face])));
  const made = { bytes, font: PDF.create().embedFont(bytes) };
  opened.set(face, made);
  return made;
};

const shelf = createShelf<Graft>(100);

/** The font cut down to some letters, compressed, as it goes into files. */
const cut = async (bytes: Uint8Array, letters: string): Promise<Graft> => {
  const made = PDF.create();
  const font = made.embedFont(bytes);
  const page = made.addPage();
  page.drawText(letters, { font, x: 0, y: 0, size: 8 });
  const source = await PDF.load(await made.save({ subsetFonts: true }));
  const resolve = (ref: PdfRef) => source.getObject(ref);
  const fonts = source.getPage(0)?.dict.getDict('Resources', resolve)?.getDict('Font', resolve);
  const root = [...(fonts ?? new PdfDict())][0]?.[1];
  if (!(root instanceof PdfRef)) throw new TypeError('The font was not embedded');
  return { source, root };
};

/** Some text in a face: its width, what the page's content shows (glyph numbers in hex), and the font that shows it. */
export interface StampText {
  widthAt(size: number): number;
  glyphs: string;
}

/**
 * Prepares text, in NFC: Vietnamese typed as letters and marks becomes the letters that fonts have.
 * @throws SignatureFault text-not-in-font; its place is the letter. The library itself would draw an empty box.
 */
export const writeText = (face: Face, text: string): StampText => {
  const { font } = open(face);
  const composed = text.normalize('NFC');
  const [missing] = font.getUnencodableCharacters(composed);
  if (missing !== undefined) {
    throw new SignatureFault('text-not-in-font', 'The font of stamps lacks a letter of the text', missing);
  }
  return {
    widthAt: size => font.getTextWidth(composed, size),
    glyphs: font
      .encodeTextToGids(composed)
      .map(glyph => glyph.toString(16).padStart(4, '0'))
      .join(''),
  };
};

/** The font with at least these letters, ready to be put into a file. */
export const readFont = (face: Face, text: string): Promise<Graft> => {
  const letters = [...new Set(text.normalize('NFC'))].sort().join('');
  const known = new Set(usual);
  const wanted = [...letters].every(letter => known.has(letter)) ? usual : letters;
  return shelf(`${face} ${wanted}`, () => cut(open(face).bytes, wanted));
};
