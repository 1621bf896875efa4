import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { type ReceivedMail, readMail } from './read-mail.ts';

/** An SMTP server on loopback (a free port unless told) that takes mail from whoever signs in. */
export const serveSmtp = async (start: {
  user: string;
  password: string;
  port?: number | undefined;
  receive(mail: ReceivedMail): void;
}): Promise<{ host: string; port: number; close(): Promise<void> }> => {
  const server = new SMTPServer({
    // Loopback: there is no certificate to offer.
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    logger: false,
    size: 10_000_000,
    // Idle connections of the hub's pool are not waited for.
    closeTimeout: 100,
    onAuth(auth, _session, done) {
      if (auth.username === start.user && auth.password === start.password) done(null, { user: start.user });
      else done(new Error('Invalid username or password'));
    },
    onRcptTo(address, _session, done) {
      if (address.address.startsWith('khong-ton-tai@'))
        done(Object.assign(new Error(`no such user ${address.address}`), { responseCode: 550 }));
      else done();
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', part => parts.push(part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        start.receive(
          readMail(Buffer.concat(parts), {
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map(one => one.address),
          }),
        );
        done();
      });
    },
  });
  // A client that breaks off is its own affair.
  server.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(start.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    host: '127.0.0.1',
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise(resolve => server.close(resolve)),
  };
};
