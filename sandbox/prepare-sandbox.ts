import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenIdClient } from '#sandbox/kit/open-id-page.ts';
import { loadRegister } from '#sandbox/load-register.ts';
import { openAccounts } from '#sandbox/open-accounts.ts';
import { attributesOf } from '#sandbox/province/make-province.ts';
import { registerOpenId } from '#sandbox/register-open-id.ts';
import { signOnOf } from '#sandbox/sign-on.ts';
import { makeSigners, type PlayedAuthority, type SandboxSigning } from '#sandbox/signing/make-signers.ts';
import { subscribe } from '#sandbox/signing/subscribe.ts';
import { scopes } from '#schemas/app.ts';
import type { Call } from '#schemas/calls.ts';

interface SandboxConfig {
  dataDir: string;
  origin: string;
  sandboxStaff: number;
}
interface StartedApp {
  id: string;
  origin: string;
  webOrigin?: string;
  settings: Record<string, unknown>;
}

const names: Record<string, string> = {
  hr: 'Phần mềm nhân sự',
  'operations-page': 'Trang thông tin điều hành tác nghiệp',
  'document-system': 'Quản lý văn bản và điều hành',
  'document-axis': 'Trục liên thông văn bản quốc gia',
  directives: 'Ý kiến chỉ đạo và văn bản ban hành',
  portal: 'Cổng dịch vụ công',
  mail: 'Thư điện tử công vụ',
  smartca: 'Ký số VNPT SmartCA',
};

const registerApps = async (
  call: Call,
  apps: StartedApp[],
  { enabled, hubOrigin }: { enabled: boolean; hubOrigin: string },
): Promise<void> => {
  for (const { id, origin, webOrigin = origin, settings } of apps)
    await call('apps.put', {
      app: {
        id,
        name: names[id]!,
        owner: 'Trung tâm Công nghệ thông tin',
        connector: id,
        enabled,
        settings,
        ...(signOnOf[id] === undefined ? {} : { signOn: signOnOf[id](webOrigin, hubOrigin) }),
        entitlement: {
          purpose: 'Đồng bộ tài khoản cán bộ, công chức, viên chức',
          attributes: attributesOf[id] ?? ['username', 'email'],
        },
      },
      actor: 'sandbox',
    });
};

/** What `sandbox.json` keeps between starts, so that scripts can use the hub at once. */
interface SandboxFile {
  origin: string;
  issuer: string;
  admin: { username: string; password: string };
  staff: { username: string; password: string; role: string }[];
  clients: { client_id: string; client_secret: string; scopes: string[] }[];
  apps: { id: string; origin: string }[];
  /** The played certificate authority: its root in PEM. A sandbox of an older version has none yet. */
  signing?: SandboxSigning;
}

const readFile = (file: string): SandboxFile | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SandboxFile) : undefined;

const toDer = (pem: string): string => new X509Certificate(pem).raw.toString('base64');

/**
 * Brings a sandbox to where a new user can play: the six apps registered at their addresses, the province
 * loaded once, the played authority trusted, a client with every right, and `sandbox.json` in the data directory.
 * Answers what the apps must be told to sign people in.
 */
export const prepareSandbox = async (given: {
  call: Call;
  config: SandboxConfig;
  apps: StartedApp[];
  signing: PlayedAuthority;
}): Promise<{ openIdClients: Record<string, OpenIdClient> }> => {
  const { call, config, apps, signing } = given;
  const file = join(config.dataDir, 'sandbox.json');
  const before = readFile(file);
  if (before === undefined) {
    await registerApps(call, apps, { enabled: false, hubOrigin: config.origin });
    await loadRegister(call, config.sandboxStaff);
  }
  await registerApps(call, apps, { enabled: true, hubOrigin: config.origin });
  // Only what is new: roots that somebody added meanwhile stay.
  if (before?.signing?.root !== signing.root || before.signing.timeStampUrl !== signing.timeStampUrl)
    await call('signing.set-settings', {
      timeStampUrl: signing.timeStampUrl,
      roots: [toDer(signing.root)],
      intermediates: [toDer(signing.issuing)],
      actor: 'sandbox',
    });
  const clients = before?.clients ?? [];
  if (clients.length === 0) {
    const made = await call('apps.create-client', {
      clientId: 'sandbox-admin',
      scopes: [...scopes],
      actor: 'sandbox',
    });
    clients.push({ client_id: made.clientId, client_secret: made.clientSecret, scopes: [...scopes] });
  }
  const people = before ?? (await openAccounts(call));
  const next: SandboxFile = {
    origin: config.origin,
    issuer: `${config.origin}/sso`,
    ...people,
    clients,
    apps: apps.map(({ id, origin }) => ({ id, origin })),
    signing: { ...before?.signing, ...signing },
  };
  writeFileSync(file, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
  return { openIdClients: await registerOpenId(call, apps) };
};

/** What needs every part to run: keys and certificates of those who sign. Adds them to `sandbox.json`. */
export const prepareSandboxSigning = async ({
  call,
  config,
}: {
  call: Call;
  config: SandboxConfig;
}): Promise<void> => {
  const file = join(config.dataDir, 'sandbox.json');
  const before = readFile(file);
  if (before?.signing === undefined) return;
  const smartca = before.apps.find(({ id }) => id === 'smartca')?.origin;
  if (before.signing.signers !== undefined) {
    // The played service keeps its keys in memory: a restart gives its subscribers new ones.
    for (const { subscriber } of before.signing.signers)
      if (subscriber !== undefined && smartca !== undefined) await subscribe(smartca, subscriber);
    return;
  }
  const signers = await makeSigners(call, { ...before.signing, smartca }, before.staff);
  if (signers === undefined) return;
  writeFileSync(
    file,
    `${JSON.stringify({ ...before, signing: { ...before.signing, signers } }, null, 2)}\n`,
    { mode: 0o600 },
  );
};
