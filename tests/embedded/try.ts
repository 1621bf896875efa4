import { createLog } from '#hub/platform/log.ts';
import { startEmbeddedServices } from '#hub/platform/embedded/start-embedded-services.ts';
console.time('up');
const s = await startEmbeddedServices({ dataDir: process.argv[2]!, cacheDir: '/tmp/ert/cache', log: createLog('debug') });
console.timeEnd('up');
console.log(s.databaseUrl, s.natsUrl);
console.time('down');
if (!process.argv[3]) await s.stop();
console.timeEnd('down');
