import { readFileSync, writeFileSync } from 'node:fs';
import { prepareSignature } from '#signature/pdf/prepare-signature.ts';
import { prepareDocumentTimeStamp } from '#signature/pdf/prepare-document-time-stamp.ts';
import { addProofs } from '#signature/pdf/add-proofs.ts';
import { reserveFields } from '#signature/pdf/reserve-fields.ts';
import { fillFields } from '#signature/pdf/fill-fields.ts';
import { readPdfFacts } from '#signature/pdf/read-pdf-facts.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import * as h from '#tests/signature/pdf/outside.ts';
const f = h.makeFolder(); const sign = h.makeSigner(f.path, 'a');
const dec = readFileSync('/tmp/w/pdf-fonts/decision.pdf');
const files: Record<string, Buffer> = {
 chromium: dec,
 objstm: h.askQpdfFor(f.path, dec, '--object-streams=generate'),
 linear: h.askQpdfFor(f.path, dec, '--linearize'),
 linobj: h.askQpdfFor(f.path, dec, '--linearize','--object-streams=generate'),
 aes256: h.askQpdfFor(f.path, dec, '--encrypt','','boss','256','--'),
 aes128: h.askQpdfFor(f.path, dec, '--encrypt','','boss','128','--use-aes=y','--'),
 rc4: h.askQpdfFor(f.path, dec, '--allow-weak-crypto','--encrypt','','boss','128','--use-aes=n','--'),
 aesobj: h.askQpdfFor(f.path, dec, '--object-streams=generate','--encrypt','','boss','256','--'),
 aesnoann: h.askQpdfFor(f.path, dec, '--encrypt','','boss','256','--annotate=n','--modify=none','--'),
 userpw: h.askQpdfFor(f.path, dec, '--encrypt','geheim','boss','256','--'),
 shifted: Buffer.concat([Buffer.from('junk\n'), onePage()]),
 badxref: Buffer.from(onePage().toString('latin1').replace(/startxref\n\d+/,'startxref\n99'),'latin1'),
 noeof: onePage().subarray(0,-7),
 trunc: onePage().subarray(0,-120),
 tail: Buffer.concat([onePage(), Buffer.from('\n\0\0\0junk after')]),
 xfa: onePage({catalog:'/AcroForm << /Fields [] /XFA (x) >>'}),
 text: Buffer.from('hello'),
 bigfake: onePage(),
};
for (const [name, file] of Object.entries(files)) {
  try {
    let pdf = file as Buffer;
    const add = (x: Buffer) => { pdf = Buffer.concat([pdf, x]); };
    add(await reserveFields(pdf,[{name:'so',page:1,at:{x:100,y:700,width:60,height:18}}]));
    pdf = h.finish(pdf, await prepareSignature(pdf,{signedAt:new Date(),page:1,parts:[{text:'chữ ký',at:{x:300,y:200,width:100,height:50}}]}),sign);
    
    pdf = h.finish(pdf, await prepareSignature(pdf,{signedAt:new Date(),name:'Ếch (so)',values:[{name:'so',text:'986'}],locks:['so'],page:1,parts:[{text:'dấu',at:{x:200,y:200,width:100,height:50}}]}),sign);
    add(await addProofs(pdf,{certificates:[Buffer.from('c1'),Buffer.from('c2')],ocsps:[],crls:[Buffer.from('x')]}));
    pdf = h.finish(pdf, await prepareSignature(pdf,{signedAt:new Date()}),sign);
    const d = await prepareDocumentTimeStamp(pdf); pdf = Buffer.concat([pdf,d.increment]).subarray(0, name.length<0?0:pdf.length);
    const s = h.askPdfsig(f.path,pdf);
    console.log(name, s.map(x=>`${x.field}:${x.valid}`).join(' '), JSON.stringify(h.askQpdf(f.path,pdf)).slice(0,200), pdf.length-file.length, pdf.toString('latin1').match(/startxref/g)!.length, (await readPdfFacts(pdf)).encrypted);
    writeFileSync(`/tmp/w/pdf-fonts/m-${name}.pdf`, pdf);
  } catch (e: any) { console.log(name, e.code, e.message, e.place); if(!e.code) console.log(e.stack); }
}
f.remove();
