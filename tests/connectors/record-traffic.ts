import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A relay in front of an app that remembers every byte which is sent to it. */
export interface TrafficRecorder {
  origin: string;
  sent(): string;
  stop(): Promise<void>;
}

export const recordTraffic = async (appOrigin: string): Promise<TrafficRecorder> => {
  const target = new URL(appOrigin);
  const parts: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(client => {
    const app = connect(Number(target.port), target.hostname);
    for (const socket of [client, app]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        app.destroy();
      });
    }
    client.on('data', part => parts.push(part as Buffer));
    client.pipe(app).pipe(client);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: () => Buffer.concat(parts).toString('utf8'),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
};
