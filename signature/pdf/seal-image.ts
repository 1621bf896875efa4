import { createHash } from 'node:crypto';
import { PDF, PdfStream } from '@libpdf/core';
import { SignatureFault } from '#signature/fault.ts';
import { createShelf, type Graft } from '#signature/pdf/graft.ts';

/** An image ready to be put into files: colours and, when it is transparent, a mask, both compressed. */
export interface ReadyImage extends Graft {
  width: number;
  height: number;
}

/** A seal of 36 mm at 1,200 dots an inch is 1,700 wide. */
const mostPixels = 4000 * 4000;

const shelf = createShelf<ReadyImage>(200);

const decode = async (png: Uint8Array): Promise<ReadyImage> => {
  const header = Buffer.from(png.buffer, png.byteOffset, png.length);
  if (header.length < 24 || header.toString('latin1', 1, 4) !== 'PNG') {
    throw new SignatureFault('image-unreadable', 'The picture is no PNG');
  }
  const pixels = header.readUInt32BE(16) * header.readUInt32BE(20);
  if (pixels === 0 || pixels > mostPixels) {
    throw new SignatureFault('image-unreadable', `The picture has ${pixels} pixels, at most ${mostPixels}`);
  }
  try {
    const source = PDF.create();
    const { ref, width, height } = source.embedPng(png);
    if (!(source.getObject(ref) instanceof PdfStream)) throw new TypeError('it has no pixels');
    return { source, root: ref, width, height };
  } catch (error) {
    throw new SignatureFault('image-unreadable', `The picture cannot be read: ${(error as Error).message}`);
  }
};

/**
 * A PNG as a PDF shows it: RGB with a soft mask (ISO 32000-2 §11.6.5.2). Decoded once; the same picture again costs its hash.
 * @throws SignatureFault image-unreadable
 */
export const readImage = (png: Uint8Array): Promise<ReadyImage> =>
  shelf(createHash('sha256').update(png).digest('base64'), () => decode(png));
