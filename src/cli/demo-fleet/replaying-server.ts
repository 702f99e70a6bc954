import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import ssh2, { type Connection, type Session } from 'ssh2';

/** An SSH server on a loopback port that answers every command with one capture. */
export interface ReplayingServer {
  readonly port: number;
  close(): Promise<void>;
}

/** What a server shows and whom it lets in. */
export interface ReplayingServerOptions {
  /** Private host key, OpenSSH format. */
  readonly hostKey: string;
  /** The only key that may log in: OpenSSH public key line. */
  readonly authorizedKey: string;
  /** What a probe printed once. */
  readonly capture: string;
}

/** Starts a server: real SSH, real key exchange and authentication; only the probe's answer is recorded. */
export function startReplayingServer(options: ReplayingServerOptions): Promise<ReplayingServer> {
  const authorized = ssh2.utils.parseKey(options.authorizedKey);
  if (authorized instanceof Error) throw authorized;
  const connections = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [options.hostKey] }, (connection) => {
    connections.add(connection);
    connection.on('error', () => undefined);
    connection.on('close', () => connections.delete(connection));
    connection.on('authentication', (context) => {
      const known = context.method === 'publickey' && context.key.data.equals(authorized.getPublicSSH());
      if (!known) return context.reject(['publickey']);
      if (context.signature === undefined || context.blob === undefined) return context.accept();
      const genuine = authorized.verify(context.blob, context.signature, context.hashAlgo);
      if (genuine) context.accept();
      else context.reject(['publickey']);
    });
    connection.on('session', (accept) => answerCommands(accept(), options.capture));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            for (const connection of connections) connection.end();
            server.close(() => closed());
          }),
      });
    });
  });
}

/** A loopback port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answerCommands(session: Session, capture: string): void {
  session.on('exec', (accept) => {
    const channel = accept();
    let script = '';
    let answered = false;
    channel.on('data', (chunk: Buffer) => {
      script += chunk.toString('latin1');
      // The Linux probe's first line, or the line that PowerShell reads: both name the nonce, and a character ends it.
      const nonce = /(?:nonce=|DSRAUDIT-SHELL )([a-z0-9]{8,64})[^a-z0-9]/.exec(script)?.[1];
      if (nonce === undefined || answered) return;
      answered = true;
      channel.write(withNonce(capture, nonce));
      channel.exit(0);
      channel.end();
    });
  });
}

// Every mark of a capture carries the nonce that it was taken with.
function withNonce(capture: string, nonce: string): string {
  const own = /^(?:@@|DSRAUDIT-BEGIN )([a-z0-9]+) /m.exec(capture)?.[1];
  if (own === undefined) throw new Error('the capture has no mark of a probe');
  return capture.replaceAll(
    new RegExp(`^(@@|DSRAUDIT-[A-Z]+ )${own} `, 'gm'),
    (_mark, word: string) => `${word}${nonce} `,
  );
}
