import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian's openssl in a folder of its own: the judge of what the played authority makes. */
export const openOpenssl = () => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-authority-'));
  const options = { cwd: folder, stdio: 'pipe' as const };
  return {
    folder,
    /** @throws when openssl ends with an error */
    run: (...args: string[]): Buffer => execFileSync('openssl', args, options),
    /** What it says, errors first, and whether it was content. */
    ask(...args: string[]): { ok: boolean; text: string } {
      const { status, stdout, stderr } = spawnSync('openssl', args, options);
      return { ok: status === 0, text: `${stderr}${stdout}` };
    },
    /** The same for what asks a server that runs here: this process must not wait for it. */
    askServer: (...args: string[]): Promise<string> =>
      new Promise(resolve => {
        execFile('openssl', args, { cwd: folder }, (_, stdout, stderr) => resolve(`${stderr}${stdout}`));
      }),
    /** DER as a PEM file. */
    writeCertificate: (name: string, der: Uint8Array): void =>
      writeFileSync(
        join(folder, name),
        `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`,
      ),
    write: (name: string, bytes: Uint8Array | string): void => writeFileSync(join(folder, name), bytes),
    close: () => rmSync(folder, { recursive: true }),
  };
};
export type Openssl = ReturnType<typeof openOpenssl>;
