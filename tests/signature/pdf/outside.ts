import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeSignature } from '#signature/pdf/complete-signature.ts';
import type { PreparedSignature } from '#signature/pdf/placeholder.ts';

/** A folder of a test's own. */
export const makeFolder = (): { path: string; remove(): void } => {
  const path = mkdtempSync(join(tmpdir(), 'pdf-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

/** A key and a certificate of somebody, made by OpenSSL in a folder. */
export const makeSigner = (folder: string, name: string): ((data: Uint8Array) => Buffer) => {
  const [key, certificate, data] = ['key', 'crt', 'data'].map(kind => join(folder, `${name}.${kind}`)) as [
    string,
    string,
    string,
  ];
  const quiet = { stdio: ['ignore', 'pipe', 'ignore'] as ('ignore' | 'pipe')[] };
  const made = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '30',
    '-utf8',
    '-subj',
    `/CN=${name}`,
  ];
  execFileSync('openssl', [...made, '-keyout', key, '-out', certificate], quiet);
  return bytes => {
    writeFileSync(data, bytes);
    const sign = ['cms', '-sign', '-binary', '-cades', '-md', 'sha256', '-outform', 'DER'];
    return execFileSync('openssl', [...sign, '-signer', certificate, '-inkey', key, '-in', data], quiet);
  };
};

/** The whole file with the prepared signature in it. */
export const finish = (
  file: Uint8Array,
  prepared: PreparedSignature,
  sign: (data: Uint8Array) => Buffer,
): Buffer => {
  const { increment, contentsAt, contentsBytes } = prepared;
  const before = increment.subarray(0, contentsAt - 1);
  const after = increment.subarray(contentsAt + contentsBytes * 2 + 1);
  return Buffer.concat([file, completeSignature(prepared, sign(Buffer.concat([file, before, after])))]);
};

export interface Seen {
  field: string;
  valid: boolean;
  whole: boolean;
}

/** What pdfsig says of each signature, in the order of the file. */
export const askPdfsig = (folder: string, file: Uint8Array): Seen[] => {
  const path = join(folder, 'asked.pdf');
  writeFileSync(path, file);
  const printed = execFileSync('pdfsig', ['-nocert', path], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return printed
    .split(/^Signature #\d+:/m)
    .slice(1)
    .map(part => ({
      field: /Field Name: (.*)/.exec(part)?.[1]?.trim() ?? '',
      valid: part.includes('Signature Validation: Signature is Valid.'),
      whole: part.includes('Total document signed'),
    }));
};

/** What qpdf complains of; empty when the file is sound. */
export const askQpdf = (folder: string, file: Uint8Array): string => {
  const path = join(folder, 'checked.pdf');
  writeFileSync(path, file);
  try {
    execFileSync('qpdf', ['--check', path], { stdio: ['ignore', 'ignore', 'pipe'] });
    return '';
  } catch (error) {
    return String((error as { stderr: Buffer }).stderr);
  }
};

/** A file remade by qpdf: with object streams, linearized, encrypted. */
export const askQpdfFor = (folder: string, file: Uint8Array, ...options: string[]): Buffer => {
  const [from, to] = [join(folder, 'from.pdf'), join(folder, 'to.pdf')];
  writeFileSync(from, file);
  execFileSync('qpdf', [...options, from, to], { stdio: 'ignore' });
  return readFileSync(to);
};
