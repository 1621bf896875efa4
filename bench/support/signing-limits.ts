import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { join } from 'node:path';
import { PDF, PdfName } from '@libpdf/core';
import { sql } from 'kysely';
import PQueue from 'p-queue';
import { makeFile } from '#bench/support/pdf-of-size.ts';
import { createTokenClient } from '#hub/key-service/pkcs11/token-client.ts';
import { openDatabase } from '#hub/platform/database.ts';
import { findSoftHsm } from '#hub/platform/embedded/find-softhsm.ts';
import { buildCms } from '#signature/cms/build-cms.ts';
import { signedAttributes } from '#signature/cms/signed-attributes.ts';
import { completeSignature } from '#signature/pdf/complete-signature.ts';
import { prepareSignature } from '#signature/pdf/prepare-signature.ts';
import { createTestDatabase } from '#tests/support/database.ts';

/** How often something is done a second. */
const rateOf = async (count: number, work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return count / ((performance.now() - began) / 1000);
};
const oneByOne = async (count: number, work: () => Promise<unknown>): Promise<void> => {
  for (let nr = 0; nr < count; nr += 1) await work();
};

/** `C_Sign` of RSA-2048 a second, by the same module in a process of its own, as many at once as the key service has. */
export const rateOfToken = async (folder: string, count: number): Promise<number> => {
  const module = await findSoftHsm({ cacheDir: folder, log: { warn() {} } as never });
  const env = { SOFTHSM2_CONF: join(folder, 'softhsm', 'softhsm2.conf') };
  const options = { module: module!, label: 'bare', pin: '12345678', create: true, sessions: 4 };
  const token = createTokenClient(options, { env, log: { error() {} } as never });
  const many = 300;
  try {
    await token.generate('bare', 'rsa-2048');
    const hashes = Array.from({ length: many }, () => createHash('sha256').update(randomBytes(8)).digest());
    await token.sign('bare', hashes);
    return await rateOf(count, () => oneByOne(count / many, () => token.sign('bare', hashes)));
  } finally {
    await token.stop();
  }
};

/** Files of 200 KB that PostgreSQL takes a second, each durable, over the connections of a hub: nothing that keeps files in it is faster. */
export const rateOfDisk = async (count: number): Promise<number> => {
  const { url, drop } = await createTestDatabase();
  const db = openDatabase(url);
  try {
    await sql`create table file (bytes bytea)`.execute(db);
    await sql`alter table file alter column bytes set storage external`.execute(db);
    const keep = () => sql`insert into file (bytes) values (${makeFile()})`.execute(db);
    const writeMany = (many: number) =>
      new PQueue({ concurrency: 8 }).addAll(Array.from({ length: many }, () => keep));
    await writeMany(count / 4);
    return await rateOf(count, () => writeMany(count));
  } finally {
    await db.destroy();
    await drop();
  }
};

/** What any program does that signs a PDF with these libraries: read, change, save as an increment, hash, sign. */
const signBarely = async (file: Buffer, key: KeyObject): Promise<void> => {
  const pdf = await PDF.load(file, { lenient: false });
  pdf.getCatalog().set('Bench', PdfName.of('Bench'));
  const saved = await pdf.save({ incremental: true });
  sign('sha256', createHash('sha256').update(saved).digest(), key);
};

/** A signature as the hub makes it, but for a key in memory. */
const signInMemory = async (file: Buffer, key: KeyObject, certificate: Buffer): Promise<void> => {
  const prepared = await prepareSignature(file, { signedAt: new Date() });
  const attributes = signedAttributes({ digest: prepared.digest, certificate });
  const signature = sign('sha256', attributes, key);
  completeSignature(prepared, buildCms({ attributes, signature, certificate, chain: [] }));
};

/** Signatures a second in memory, one thread, RSA-2048: the bare libraries, and the hub's way. In turns, since machines are noisy. */
export const ratesInMemory = async (
  count: number,
  certificate: Buffer,
): Promise<{ bare: number; own: number }> => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rounds = 5;
  const rates = { bare: 0, own: 0 };
  // The first round warms up.
  for (let nr = 0; nr <= rounds; nr += 1) {
    const each = count / rounds;
    const bare = await rateOf(each, () => oneByOne(each, () => signBarely(makeFile(), privateKey)));
    const own = await rateOf(each, () =>
      oneByOne(each, () => signInMemory(makeFile(), privateKey, certificate)),
    );
    if (nr > 0) {
      rates.bare += bare / rounds;
      rates.own += own / rounds;
    }
  }
  return rates;
};
