import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Tells a new user where everything is and how to get a token. */
export const printWelcome = ({ dataDir, origin }: { dataDir: string; origin: string }): void => {
  const file = join(dataDir, 'sandbox.json');
  const { admin, clients, apps } = JSON.parse(readFileSync(file, 'utf8')) as {
    admin: { username: string };
    clients: { client_id: string }[];
    apps: { id: string; origin: string }[];
  };
  const lines = [
    '',
    `  Liên Thông đang chạy / is running: ${origin}`,
    `  Đăng nhập / sign in: ${origin}  (${admin.username}; mật khẩu / password: ${file})`,
    `  Luồng / flows: ${origin}/flows/`,
    `  API: ${origin}/api/docs`,
    '',
    ...apps.map(app => `  ${app.id.padEnd(16)} ${app.origin}`),
    '',
    `  Mã truy cập / token (mật khẩu trong ${file}):`,
    `  curl -u ${clients[0]!.client_id}:<client_secret> -d grant_type=client_credentials ${origin}/sso/token`,
    '',
    '  Xem thử / watch it: npm run demo        Dừng / stop: Ctrl-C',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
};
