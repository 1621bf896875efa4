import { crc32, deflateSync } from 'node:zlib';

type Colour = readonly [red: number, green: number, blue: number, alpha: number];
const clear: Colour = [255, 255, 255, 0];
const blue: Colour = [20, 50, 190, 255];
const red: Colour = [205, 20, 30, 255];

const chunk = (name: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
};

/** A PNG with alpha, from the colour of each pixel. */
const draw = (width: number, height: number, colourAt: (x: number, y: number) => Colour): Buffer => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Array.from({ length: height }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: width }, (_pixel, x) => colourAt(x, y)).flat()]),
  );
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};

/** A stroke of blue ink. */
export const drawHandwriting = (): Buffer =>
  draw(320, 130, (x, y) => {
    const wave = 65 + 38 * Math.sin(x / 21) * Math.cos(x / 57) - x / 14;
    const steep = 1 + Math.abs(Math.cos(x / 21)) * 2.4;
    return Math.abs(y - wave) < 2.2 * steep && x > 12 && x < 308 ? blue : clear;
  });

/** A round red seal: two rings and a star. */
export const drawSeal = (): Buffer =>
  draw(260, 260, (x, y) => {
    const [dx, dy] = [x - 130, y - 130];
    const distance = Math.hypot(dx, dy);
    const turn = ((Math.atan2(dx, -dy) * 5) / (2 * Math.PI) + 10) % 1;
    const star = 16 + 30 * Math.abs(turn - 0.5) * 2;
    const ring = (distance > 118 && distance < 127) || (distance > 82 && distance < 85);
    return ring || distance < star ? red : clear;
  });
