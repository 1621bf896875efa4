import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

// `npm run demo`: tells the story of one person, against a hub that runs (`npm start` in another terminal).

interface Account {
  code?: string;
  name: string;
  enabled: boolean;
  unitName?: string;
  coefficient?: number;
  email?: string;
  username?: string;
}

const file = join(process.env.LIENTHONG_DATA ?? '.data', 'sandbox.json');
const readSandbox = (): { apps: { id: string; origin: string }[] } => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    console.error(
      `Không đọc được ${file}: hãy chạy «npm start» trước, ở một cửa sổ khác. / Run “npm start” first.`,
    );
    process.exit(1);
  }
};
const { apps } = readSandbox();
const origin = Object.fromEntries(apps.map(app => [app.id, app.origin]));

const act = async (action: Record<string, unknown>): Promise<{ code: string }> => {
  const answer = await fetch(`${origin.hr}/_actions`, { method: 'POST', body: JSON.stringify(action) });
  if (!answer.ok) throw new Error(`HR: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as { code: string };
};

const find = async (app: string, code: string): Promise<Account | undefined> => {
  const answer = await fetch(`${origin[app]}/_state/accounts?code=${code}`);
  return ((await answer.json()) as Account[]).find(account => account.code === code);
};

const patienceMs = 60_000;

/** Prints each app as soon as it shows what is waited for, with the delay. */
const watch = async (
  names: string[],
  code: string,
  seen: (account: Account | undefined) => boolean,
  show: (account: Account) => string,
): Promise<void> => {
  const began = performance.now();
  const waiting = new Set(names);
  while (waiting.size > 0 && performance.now() - began < patienceMs) {
    for (const app of [...waiting]) {
      const account = await find(app, code);
      if (!seen(account)) continue;
      waiting.delete(app);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      console.log(
        `   ✔ ${app.padEnd(16)} ${seconds.padStart(5)} s   ${account === undefined ? '' : show(account)}`,
      );
    }
    await pause(50);
  }
  for (const app of waiting) {
    console.log(`   ✘ ${app.padEnd(16)} chưa thấy / not seen within ${patienceMs / 1000} s`);
    process.exitCode = 1;
  }
};

const all = ['operations-page', 'document-system', 'directives', 'portal', 'mail'];
const say = (vietnamese: string, english: string) => console.log(`\n${vietnamese}\n${english}`);

say('1. Phần mềm nhân sự tuyển một người.', '   The HR software hires a person.');
const { code } = await act({ action: 'hire', person: { name: 'Nguyễn Thị Liên Thông', unitCode: '479' } });
await watch(
  all,
  code,
  account => account?.enabled === true,
  account => account.unitName ?? '',
);
await watch(
  ['hr'],
  code,
  account => Boolean(account?.email),
  account => `${account.username} · ${account.email}`,
);

say('2. Chuyển công tác sang huyện A Lưới.', '   Moves to the district A Lưới.');
await act({ action: 'move', code, unitCode: '481', title: 'Phó Trưởng phòng' });
await watch(
  all,
  code,
  account => account?.unitName === 'Huyện A Lưới',
  account => account.unitName ?? '',
);

say(
  '3. Nâng bậc lương (chỉ trang điều hành tác nghiệp được xem).',
  '   A salary step (only the operations page may see it).',
);
const before = (await find('operations-page', code))?.coefficient;
await act({ action: 'raise', code });
await watch(
  ['operations-page'],
  code,
  account => account?.coefficient !== before,
  account => `hệ số ${(account.coefficient ?? 0) / 100}`,
);

say('4. Nghỉ việc: mọi tài khoản bị khóa, không xóa.', '   Leaves: every account is disabled, none deleted.');
await act({ action: 'leave', code });
await watch(
  all,
  code,
  account => account?.enabled === false,
  () => 'đã khóa / disabled',
);
