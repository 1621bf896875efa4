import { crc32, deflateSync } from 'node:zlib';

type Colour = [red: number, green: number, blue: number, alpha: number];

const chunk = (name: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};

/** A PNG with alpha (colour type 6), pixel by pixel from the top left. */
export const makePng = (
  width: number,
  height: number,
  colourAt: (x: number, y: number) => Colour,
): Buffer => {
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

/** A round red seal on a transparent ground. */
export const makeSeal = (size = 120): Buffer =>
  makePng(size, size, (x, y) => {
    const distance = Math.hypot(x - size / 2, y - size / 2) / (size / 2);
    return distance < 1 && (distance > 0.85 || distance < 0.3) ? [220, 0, 0, 255] : [255, 255, 255, 0];
  });
