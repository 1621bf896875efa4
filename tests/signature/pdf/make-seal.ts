import { drawPng } from '#sandbox/kit/draw-png.ts';

/** A round red seal on a transparent ground. */
export const makeSeal = (size = 120): Buffer =>
  drawPng(size, size, (x, y) => {
    const distance = Math.hypot(x - size / 2, y - size / 2) / (size / 2);
    return distance < 1 && (distance > 0.85 || distance < 0.3) ? [220, 0, 0, 255] : [255, 255, 255, 0];
  });
