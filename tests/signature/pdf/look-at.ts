import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rectangle } from '#signature/pdf/seen-page.ts';

type Kind = 'red' | 'blue';
const isOf: Record<Kind, (red: number, green: number, blue: number) => boolean> = {
  red: (red, green, blue) => red > 150 && green < 90 && blue < 90,
  blue: (red, green, blue) => blue > 150 && red < 90 && green < 90,
};

/** Where a page, drawn by poppler at one dot a point, is red or blue: points from the lower left corner. */
export const lookFor = (folder: string, file: Uint8Array, kind: Kind, page = 1): Rectangle | undefined => {
  const path = join(folder, 'looked.pdf');
  writeFileSync(path, file);
  const asked = ['-r', '72', '-cropbox', '-f', String(page), '-l', String(page), path];
  const ppm = execFileSync('pdftoppm', asked, { maxBuffer: 1e8, stdio: ['ignore', 'pipe', 'ignore'] });
  const [all, w, h] = /^P6\s(\d+)\s(\d+)\s255\s/.exec(ppm.toString('latin1', 0, 40))!;
  const [width, height] = [Number(w), Number(h)];
  const found: [number, number][] = [];
  for (let at = all.length, pixel = 0; pixel < width * height; pixel += 1, at += 3) {
    if (isOf[kind](ppm[at]!, ppm[at + 1]!, ppm[at + 2]!))
      found.push([pixel % width, Math.floor(pixel / width)]);
  }
  if (found.length === 0) return undefined;
  const edge = (side: 0 | 1, choose: 'min' | 'max') =>
    found.map(point => point[side]).reduce((a, b) => Math[choose](a, b));
  const [left, right, top, bottom] = [edge(0, 'min'), edge(0, 'max') + 1, edge(1, 'min'), edge(1, 'max') + 1];
  return { x: left, y: height - bottom, width: right - left, height: bottom - top };
};

/** The text of a file as poppler reads it. */
export const readText = (folder: string, file: Uint8Array): string => {
  const path = join(folder, 'read.pdf');
  writeFileSync(path, file);
  return execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
};

/** Whether two rectangles are the same but for the blur of a dot at each side. */
export const isAt = (seen: Rectangle | undefined, meant: Rectangle): boolean =>
  seen !== undefined &&
  (['x', 'y', 'width', 'height'] as const).every(side => Math.abs(seen[side] - meant[side]) <= 2.5);
