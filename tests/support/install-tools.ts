import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs of the distribution that specs use, and the Debian packages of each. */
const packagesOf: Record<string, string[]> = {
  apache2: ['apache2-bin', 'libapache2-mod-auth-cas'],
  chromium: ['chromium'],
  dovecot: ['dovecot-imapd'],
  nginx: ['nginx-light'],
  php: ['php-cli', 'php-curl'],
  pdfsig: ['poppler-utils'],
  qpdf: ['qpdf'],
  slapd: ['slapd'],
  'softhsm2-util': ['softhsm2'],
  openssl: ['openssl'],
  xmlsec1: ['xmlsec1'],
};

const present = (tool: string): boolean =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin'].some(folder => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const apt = (...args: string[]): boolean => {
  const { status } = spawnSync('apt-get', ['-qq', '-oDPkg::Lock::Timeout=300', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
};

/** Installs what is missing, when we are root on Debian. Gives a sentence for each tool that is missing still. */
export const installTools = (): string[] => {
  const missing = Object.keys(packagesOf).filter(tool => !present(tool));
  if (missing.length > 0 && process.getuid?.() === 0) {
    console.log(`Installing ${missing.join(', ')} …`);
    apt('update');
    apt('install', '-y', '--no-install-recommends', ...missing.flatMap(tool => packagesOf[tool]!));
  }
  return missing
    .filter(tool => !present(tool))
    .map(tool => `${tool} is missing: apt-get install ${packagesOf[tool]!.join(' ')} (Debian).`);
};
