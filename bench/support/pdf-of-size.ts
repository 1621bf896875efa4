import { randomBytes } from 'node:crypto';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';

const digits = 200_000;
const data = randomBytes(digits / 2).toString('hex');
const common = onePage({ more: [`<< /Length ${digits} >>\nstream\n${data}\nendstream`] });
const at = common.indexOf(data);

/** A page with a picture's worth of bytes, 200 KB; none is like another. */
export const makeFile = (): Buffer => {
  const file = Buffer.from(common);
  file.write(randomBytes(16).toString('hex'), at, 'latin1');
  return file;
};
