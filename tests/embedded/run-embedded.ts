import pg from 'pg';
import { startEmbeddedServices } from '#hub/platform/embedded/start-embedded-services.ts';
import { createLog } from '#hub/platform/log.ts';

// A program of the kind that the hub is: starts the servers, says so, and on Ctrl-C writes one more row
// before it stops them. Arguments: data directory, comma-separated list of what to start.

const [dataDir, wanted = 'database'] = process.argv.slice(2);
try {
  const services = await startEmbeddedServices({
    dataDir: dataDir!,
    log: createLog('silent'),
    database: wanted.includes('database'),
    nats: wanted.includes('nats'),
  });
  process.once('SIGINT', async () => {
    const client = new pg.Client({ connectionString: services.databaseUrl });
    await client.connect();
    await client.query('create table if not exists kept (word text)');
    await client.query('insert into kept values ($1)', ['written after Ctrl-C']);
    await client.end();
    await services.stop();
  });
  const { databaseUrl, natsUrl, watchdog } = services;
  console.log(JSON.stringify({ uid: process.getuid?.(), databaseUrl, natsUrl, watchdogPid: watchdog.pid }));
} catch (error) {
  console.log(JSON.stringify({ error: (error as Error).message }));
}
