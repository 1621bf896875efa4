import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(path => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

/** A headless browser that calls nobody but the page's own origin; closed and removed by `close`. */
export interface Browser {
  context: BrowserContext;
  close(): Promise<void>;
}

/** `locale` is what the person prefers to read. */
export const openBrowser = async (
  options: {
    locale?: string;
    colorScheme?: 'light' | 'dark';
    width?: number;
    javaScriptEnabled?: boolean;
  } = {},
): Promise<Browser> => {
  if (program === undefined) throw new Error('chromium is missing: install the Debian package chromium.');
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-browser-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: program,
    headless: true,
    locale: options.locale ?? 'vi-VN',
    colorScheme: options.colorScheme ?? 'light',
    javaScriptEnabled: options.javaScriptEnabled ?? true,
    viewport: { width: options.width ?? 1280, height: 900 },
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
