import { type Colour, drawPng } from '#sandbox/kit/draw-png.ts';

const clear: Colour = [255, 255, 255, 0];
const blue: Colour = [20, 50, 190, 255];
const red: Colour = [205, 20, 30, 255];

/** A stroke of blue ink. */
export const drawHandwriting = (): Buffer =>
  drawPng(320, 130, (x, y) => {
    const wave = 65 + 38 * Math.sin(x / 21) * Math.cos(x / 57) - x / 14;
    const steep = 1 + Math.abs(Math.cos(x / 21)) * 2.4;
    return Math.abs(y - wave) < 2.2 * steep && x > 12 && x < 308 ? blue : clear;
  });

/** A round red seal: two rings and a star. */
export const drawSeal = (): Buffer =>
  drawPng(260, 260, (x, y) => {
    const [dx, dy] = [x - 130, y - 130];
    const distance = Math.hypot(dx, dy);
    const turn = ((Math.atan2(dx, -dy) * 5) / (2 * Math.PI) + 10) % 1;
    const star = 16 + 30 * Math.abs(turn - 0.5) * 2;
    const ring = (distance > 118 && distance < 127) || (distance > 82 && distance < 85);
    return ring || distance < star ? red : clear;
  });
