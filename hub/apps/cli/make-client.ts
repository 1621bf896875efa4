import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '#hub/apps/create-client.ts';
import { type Config, readConfig } from '#hub/platform/config.ts';
import { openDatabase } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';

/** The embedded server listens on a socket only; its folder stands in the fifth line of `postmaster.pid`. */
const embeddedUrl = (dataDir: string): string => {
  const folder = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')
    .split('\n')[4]!
    .trim();
  return `postgres://lienthong@localhost:5432/lienthong?host=${encodeURIComponent(folder)}`;
};

const urlOf = ({ databaseUrl, dataDir }: Config): string | undefined => {
  try {
    return databaseUrl ?? embeddedUrl(dataDir);
  } catch {
    return undefined;
  }
};

const complain = (text: string): number => {
  process.stderr.write(`✗ ${text}\n`);
  return 2;
};

/**
 * `npm run client:new <client-id> <scope>…`: makes a client of the token endpoint straight in the
 * database and prints its secret, once. For the first client of an installation, when nobody has a token yet;
 * later ones are made through `POST /api/v1/apps/{id}/clients`. Exit code 0, 1 (refused) or 2 (could not begin).
 */
const main = async ([clientId, ...scopes]: string[]): Promise<number> => {
  if (clientId === undefined || scopes.length === 0 || !/^[a-z0-9-]{3,60}$/.test(clientId))
    return complain('npm run client:new <client-id: a-z 0-9 -, 3–60> <scope>…');
  const url = urlOf(readConfig());
  if (url === undefined)
    return complain(
      'Không có DATABASE_URL và không có máy chủ dữ liệu đang chạy trong LIENTHONG_DATA: hãy khởi động trục trước. / No DATABASE_URL, and no server runs in LIENTHONG_DATA: start the hub first.',
    );
  const db = openDatabase(url, 1);
  try {
    const made = await createClient({ db }, { clientId, scopes, actor: 'installation' });
    process.stdout.write(
      `${JSON.stringify({ client_id: made.clientId, client_secret: made.clientSecret })}\n`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    process.stderr.write(`✗ ${error.code}: ${error.message}\n`);
    return 1;
  } finally {
    await db.destroy();
  }
};

process.exitCode = await main(process.argv.slice(2));
