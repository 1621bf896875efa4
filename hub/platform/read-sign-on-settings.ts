import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { AppError } from '#hub/platform/errors.ts';
import { SignOnSettings } from '#schemas/sign-on-settings.ts';

/**
 * The rules of the sign-on from a JSON file; what it does not say is as in `SignOnSettings`.
 *
 * @throws {AppError} `bad-configuration` for a file that cannot be read or says what there is not
 */
export const readSignOnSettings = (file: string | undefined): SignOnSettings => {
  try {
    const settings = file === undefined ? {} : JSON.parse(readFileSync(file, 'utf8'));
    const check = new Ajv2020({ useDefaults: true }).compile(SignOnSettings);
    if (!check(settings)) throw new TypeError(JSON.stringify(check.errors));
    return settings as SignOnSettings;
  } catch (cause) {
    throw new AppError('bad-configuration', { name: 'LIENTHONG_SIGN_ON' }, { cause });
  }
};
