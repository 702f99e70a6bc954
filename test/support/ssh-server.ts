import { spawn } from 'node:child_process';
import { connect, createServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection, type ServerChannel, type ServerConfig } from 'ssh2';
import type { TestKey } from './ssh-server-hosts.ts';

/** What a server in this process may be told to do instead of what a good one does. */
export interface Behaviour {
  readonly hostKeys: readonly TestKey[];
  readonly userKeys?: readonly TestKey[];
  readonly config?: Partial<ServerConfig>;
  /** Called for every new connection, before its handshake. */
  readonly onConnection?: (connection: Connection) => void;
  readonly onAuthentication?: (context: AuthContext, connection: Connection) => void;
  /** Instead of accepting a session channel. */
  readonly onSession?: (accept: () => ssh2.Session, reject: () => boolean, connection: Connection) => void;
  /** Instead of running the command with a shell. */
  readonly onExec?: (accept: () => ServerChannel, reject: () => void, command: string, connection: Connection) => void;
  /** Instead of forwarding. */
  readonly onForward?: (accept: () => ServerChannel, reject: () => void, to: Target) => void;
}

interface Target {
  readonly address: string;
  readonly port: number;
}

/** A server in this process on an ephemeral port of loopback. */
export interface TestServer {
  readonly port: number;
  /** Authentication requests as they came: method, and the signature's presence. */
  readonly authentications: string[];
  /** Secrets that a client has given away. */
  readonly secrets: string[];
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

async function listening(server: NetServer): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

function closer(server: NetServer, sockets: Set<Socket>): () => Promise<void> {
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}

/** A TCP server without any SSH of its own. */
export async function startRawServer(
  onSocket: (socket: Socket) => void,
): Promise<{ port: number; sockets: Set<Socket>; accepted: () => number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer((socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    onSocket(socket);
  });
  return { port: await listening(server), sockets, accepted: () => accepted, close: closer(server, sockets) };
}

/** Runs a command as sshd would, through a shell. */
export function runCommand(channel: ServerChannel, command: string, before = ''): void {
  const child = spawn('/bin/sh', ['-c', command], { stdio: 'pipe' });
  child.stdin.on('error', () => undefined);
  channel.on('error', () => undefined);
  channel.write(before);
  channel.pipe(child.stdin);
  child.stdout.on('data', (chunk: Buffer) => channel.write(chunk));
  child.stderr.on('data', (chunk: Buffer) => channel.stderr.write(chunk));
  child.on('close', (code) => {
    channel.exit(code ?? 1);
    channel.end();
  });
}

/** A good SSH server, but for what `behaviour` changes. */
export async function startSshServer(behaviour: Behaviour): Promise<TestServer> {
  const authentications: string[] = [];
  const secrets: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const ssh = new ssh2.Server({ hostKeys: behaviour.hostKeys.map((key) => key.privateText), ...behaviour.config });

  ssh.on('connection', (connection) => {
    connections += 1;
    connection.on('error', () => undefined);
    behaviour.onConnection?.(connection);
    connection.on('authentication', (context) => {
      authentications.push(
        context.method === 'publickey' && context.signature ? 'publickey+signature' : context.method,
      );
      if (context.method === 'password') secrets.push(context.password);
      if (behaviour.onAuthentication) return behaviour.onAuthentication(context, connection);
      acceptKeys(context, behaviour.userKeys ?? []);
    });
    connection.on('session', (accept, reject) => {
      if (behaviour.onSession) return behaviour.onSession(accept, reject as () => boolean, connection);
      serveExec(accept(), connection);
    });
    connection.on('tcpip', (accept, reject, info) => {
      const to = { address: info.destIP, port: info.destPort };
      (behaviour.onForward ?? pipeTo)(accept, reject, to);
    });
  });

  function serveExec(session: ssh2.Session, connection: Connection): void {
    session.on('exec', (accept, reject, info) => {
      if (behaviour.onExec) return behaviour.onExec(accept, reject, info.command, connection);
      runCommand(accept(), info.command);
    });
  }

  // ssh2.Server hides its sockets, and a misbehaving one must not outlive its test.
  // Without Nagle's algorithm, which holds back what ssh2 writes in small pieces, 40 ms a time, and loses it when a test resets.
  const outer = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    ssh.injectSocket(socket);
  });
  return {
    port: await listening(outer),
    authentications,
    secrets,
    connections: () => connections,
    close: closer(outer, sockets),
  };
}

/** Accepts a known key, first when it is asked for and then with its signature, as sshd does. */
export function acceptKeys(context: AuthContext, keys: readonly TestKey[]): void {
  if (context.method !== 'publickey') return context.reject(['publickey']);
  const known = keys.find((key) => key.key.getPublicSSH().equals(context.key.data));
  if (known === undefined) return context.reject(['publickey']);
  if (!context.signature || !context.blob) return context.accept();
  if (known.key.verify(context.blob, context.signature, context.hashAlgo)) context.accept();
  else context.reject(['publickey']);
}

/** Forwards a channel to a TCP port, as sshd does. */
export function pipeTo(accept: () => ServerChannel, reject: () => void, to: Target): void {
  const socket = connect(to.port, to.address);
  socket.once('error', () => reject());
  socket.once('connect', () => {
    const channel = accept();
    socket.on('error', () => channel.destroy());
    channel.on('error', () => socket.destroy());
    channel.on('close', () => socket.destroy());
    socket.on('close', () => channel.end());
    socket.pipe(channel).pipe(socket);
  });
}
