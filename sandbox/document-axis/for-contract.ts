import { serveApp } from '#sandbox/kit/app-server.ts';
import type { StartForContract } from '#sandbox/kit/started-for-contract.ts';
import { createDocumentAxis } from './document-axis.ts';

export const startForContract: StartForContract = async () => {
  const credentials = { systemId: 'VN:GOV:H57:lienthong', secret: 'khoa-bi-mat-cua-tinh' };
  const app = await serveApp(createDocumentAxis({ credentials }));
  return { app, settings: { endpoint: app.origin, ...credentials } };
};
