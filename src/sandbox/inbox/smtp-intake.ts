import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import type { Fault, Faults } from './faults.js';
import type { MailStore } from './kept-mail.js';

const LARGEST = 25 * 1024 * 1024;

export type Listening = Readonly<{ port: number; close(): Promise<void> }>;

/** Takes mail for anybody from anybody, and keeps it. */
export async function listenForMail(
  store: MailStore,
  faults: Faults,
  at: Readonly<{ host: string; port: number }>,
): Promise<Listening> {
  const underway = new Map<string, Fault>();
  const server = new SMTPServer({
    banner: 'the Quittance inbox delivers nothing anywhere',
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    size: LARGEST,
    closeTimeout: 200,
    onAuth: (_, __, done) => done(null, { user: 'anybody' }),
    onRcptTo: (_, session, done) => {
      const fault = faults.take();
      if (fault === 'reject_550') return done(refusal(550, 'No such mailbox here'));
      if (fault === 'defer_451') return done(refusal(451, 'Busy, try again later'));
      if (fault) underway.set(session.id, fault);
      done();
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const fault = underway.get(session.id);
        underway.delete(session.id);
        if (fault === 'hang') return;
        if (stream.sizeExceeded) return done(refusal(552, 'Too large'));
        try {
          await store.keep(envelopeOf(session), Buffer.concat(chunks));
        } catch (error) {
          return done(refusal(452, error instanceof Error ? error.message : 'No room'));
        }
        if (fault === 'lose_answer') return hangUp(server, session);
        done();
      });
    },
    onClose: (session) => underway.delete(session.id),
  });
  // A sender that hangs up is no fault of ours.
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function envelopeOf({ envelope }: SMTPServerSession) {
  return {
    from: envelope.mailFrom ? envelope.mailFrom.address : '',
    to: envelope.rcptTo.map(({ address }) => address),
  };
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

function hangUp(server: SMTPServer, { id }: SMTPServerSession): void {
  for (const connection of server.connections) {
    if (connection.id === id) connection._socket.destroy();
  }
}
