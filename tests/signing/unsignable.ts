import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { askQpdfFor } from '#tests/signature/pdf/outside.ts';

/** Files that nobody may sign, by a name, with the code that says why; `signed` has a signature and "12/QD" on its page. */
export const unsignable = (folder: string, signed: Buffer): Map<string, { file: Buffer; code: string }> => {
  const tampered = Buffer.from(signed);
  tampered.write('99', tampered.indexOf('12/QD'));
  const locked = '<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /P 1 >> >>';
  const certified = onePage({
    catalog: '/Perms << /DocMDP 6 0 R >>',
    more: [`<< /Type /Sig /Contents <00> /ByteRange [0 1 2 3] /Reference [${locked}] >>`],
  });
  const encrypted = askQpdfFor(folder, onePage(), '--encrypt', 'mo', 'chu', '256', '--');
  return new Map([
    ['hong', { file: onePage().subarray(0, 300), code: 'pdf-broken' }],
    ['mat-khau', { file: encrypted, code: 'pdf-encrypted' }],
    ['xfa', { file: onePage({ catalog: '/AcroForm << /Fields [] /XFA (form) >>' }), code: 'pdf-form-xfa' }],
    ['da-sua', { file: tampered, code: 'pdf-tampered' }],
    ['chung-thuc', { file: certified, code: 'pdf-certified' }],
  ]);
};
