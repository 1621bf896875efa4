import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#hub/platform/config.ts';
import { AppError } from '#hub/platform/errors.ts';

describe('The settings of the hardware module', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lienthong-settings-'));
    writeFileSync(join(folder, 'pin'), '1234-from-file\n');
    writeFileSync(join(folder, 'vendor.so'), '');
  });
  after(() => rmSync(folder, { recursive: true }));
  const read = (env: Record<string, string>) => readConfig({ LIENTHONG_DATA: folder, ...env }).pkcs11;
  const module = () => ({ LIENTHONG_PKCS11_MODULE: join(folder, 'vendor.so') });

  it('name a token, how it is entered, and what the library reads from its environment', () => {
    assert.equal(read({}), undefined);
    assert.deepEqual(
      read({
        ...module(),
        LIENTHONG_PKCS11_PIN: '4321',
        LIENTHONG_PKCS11_ENV_ChrystokiConfigurationPath: '/etc',
      }),
      {
        module: join(folder, 'vendor.so'),
        label: 'lienthong',
        pin: '4321',
        sessions: 4,
        env: { ChrystokiConfigurationPath: '/etc' },
      },
    );
    const fromFile = read({
      ...module(),
      LIENTHONG_PKCS11_PIN_FILE: join(folder, 'pin'),
      LIENTHONG_PKCS11_LABEL: 'tinh',
      LIENTHONG_PKCS11_SESSIONS: '30',
    });
    assert.deepEqual([fromFile?.pin, fromFile?.label, fromFile?.sessions], ['1234-from-file', 'tinh', 30]);
  });

  it('stop the start with their name when they are wrong', () => {
    const wrong: [Record<string, string>, string][] = [
      [{ LIENTHONG_PKCS11_MODULE: '/nonexistent.so' }, 'LIENTHONG_PKCS11_MODULE'],
      [module(), 'LIENTHONG_PKCS11_PIN'],
      [{ ...module(), LIENTHONG_PKCS11_PIN_FILE: '/nonexistent' }, 'LIENTHONG_PKCS11_PIN_FILE'],
      [
        { ...module(), LIENTHONG_PKCS11_PIN: '1', LIENTHONG_PKCS11_SESSIONS: '0' },
        'LIENTHONG_PKCS11_SESSIONS',
      ],
    ];
    for (const [env, name] of wrong)
      assert.throws(
        () => read(env),
        (error: unknown) => error instanceof AppError && error.params.name === name,
      );
  });
});
